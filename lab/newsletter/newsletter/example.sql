-- A tenant with a past, so that the dashboard has something to count.
INSERT INTO tenants (id, name) VALUES (1, 'Lighthouse Weekly');
SELECT setval(pg_get_serial_sequence('tenants', 'id'), 1);

INSERT INTO subscribers (tenant_id, address)
SELECT 1, 'reader' || n || '@readers.example' FROM generate_series(1, 200) AS n;

INSERT INTO campaigns (id, tenant_id, subject, template, created_at, sent_at)
SELECT n, 1, 'Issue ' || n, 'Dear $name, this is issue ' || n || '. $link', at, at
FROM generate_series(1, 200) AS n, LATERAL (SELECT now() - (201 - n) * interval '1 day') AS day(at);
SELECT setval(pg_get_serial_sequence('campaigns', 'id'), 200);

INSERT INTO email_events (campaign_id, subscriber_id, event_type, created_at)
SELECT 1 + n % 200, 1 + n % 199, CASE WHEN n % 5 = 0 THEN 'click' ELSE 'open' END,
       now() - (n % 200) * interval '1 day' - (n % 86400) * interval '1 second'
FROM generate_series(1, 400000) AS n;
