# A release with a mistake that happens: it listens on its own loopback, where nobody can reach it.
FROM newsletter-app:1.0.0
ENV NEWSLETTER_VERSION=1.1.0 NEWSLETTER_LISTEN=127.0.0.1
