#!/usr/bin/env bash
# Calls Fawen as 飞书 does: the check of the address, then a message. Usage: feishu.sh ENCRYPT_KEY VERIFICATION_TOKEN [BASE]
set -euo pipefail
encrypt_key=$1 token=$2 base=${3:-http://127.0.0.1:8000}
key=$(printf %s "$encrypt_key" | sha256sum | cut -d' ' -f1)

send() { # the IV, then AES-256-CBC under SHA-256 of the key; signed over the body as it is sent
  iv=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
  sealed=$({ printf "$(printf %s "$iv" | sed 's/../\\x&/g')"
    printf %s "$1" | openssl enc -aes-256-cbc -K "$key" -iv "$iv"; } | base64 -w0)
  body="{\"encrypt\":\"$sealed\"}" now=$(date +%s)
  curl -s "$base/chat/feishu" -H 'Content-Type: application/json' -H "X-Lark-Request-Timestamp: $now" \
       -H 'X-Lark-Request-Nonce: n1' -d "$body" \
       -H "X-Lark-Signature: $(printf %s "${now}n1$encrypt_key$body" | sha256sum | cut -d' ' -f1)"
  echo
}

send '{"type": "url_verification", "challenge": "4242", "token": "'"$token"'"}'
send '{"schema": "2.0", "header": {"event_type": "im.message.receive_v1", "token": "'"$token"'"},
  "event": {"sender": {"sender_id": {"open_id": "ou_1"}}, "message": {"message_id": "om_'"$(date +%s)"'",
  "chat_id": "oc_1", "message_type": "text", "content": "{\"text\": \"各院志愿服务多少次\"}"}}}'
