create index incident_events_by_time on incident_events (at)
