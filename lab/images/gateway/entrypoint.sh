#!/bin/bash
# A first certificate where there is none, then nginx.
set -euo pipefail
[[ -s /etc/gateway/gateway.pem ]] || certificate renew
exec nginx -c /etc/gateway-settings/nginx.conf -g 'daemon off;'
