CREATE INDEX IF NOT EXISTS idx_campaigns_tenant_created ON campaigns (tenant_id, created_at);
CREATE INDEX IF NOT EXISTS idx_email_events_campaign_type ON email_events (campaign_id, event_type);
CREATE INDEX IF NOT EXISTS idx_email_events_created ON email_events (created_at);
