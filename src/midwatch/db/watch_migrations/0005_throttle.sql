create index outbox_sent on outbox (channel, sent_at) where state = 'sent'
