alter table outbox add column follow_at text;

create index outbox_followed on outbox (channel, follow_at) where follow_at is not null
