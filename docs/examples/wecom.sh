#!/usr/bin/env bash
# Calls Fawen as 企业微信's 智能机器人 does: the check of the address, then a message. Usage: wecom.sh TOKEN AES_KEY [BASE]
set -euo pipefail
token=$1 aes_key=$2 base=${3:-http://127.0.0.1:8000}
key=$(printf '%s=' "$aes_key" | base64 -d | od -An -v -tx1 | tr -d ' \n')
now=$(date +%s)

seal() { # 16 random bytes, the length, the message, padding to 32 bytes; AES-256-CBC
  size=$(printf %s "$1" | wc -c) && pad=$((32 - (20 + size) % 32)) && hex=$(printf %08x "$size")
  { head -c 16 /dev/urandom; printf "\\x${hex:0:2}\\x${hex:2:2}\\x${hex:4:2}\\x${hex:6:2}"; printf %s "$1"
    printf "\\x$(printf %02x $pad)%.0s" $(seq $pad); } |
    openssl enc -aes-256-cbc -nopad -K "$key" -iv "${key:0:32}" | base64 -w0
}
sign() { printf '%s\n' "$token" "$now" n1 "$1" | LC_ALL=C sort | tr -d '\n' | sha1sum | cut -d' ' -f1; }

sealed=$(seal 4242)
curl -sG "$base/chat/wecom" -d msg_signature="$(sign "$sealed")" -d timestamp="$now" -d nonce=n1 \
     --data-urlencode echostr="$sealed"
echo
sealed=$(seal '{"msgid": "'"m$now"'", "aibotid": "b1", "chattype": "single", "from": {"userid": "u1"},
  "msgtype": "text", "text": {"content": "各院志愿服务多少次"}}')
curl -s "$base/chat/wecom?msg_signature=$(sign "$sealed")&timestamp=$now&nonce=n1" \
     -H 'Content-Type: application/json' -d "{\"encrypt\": \"$sealed\"}" |
  sed 's/.*"encrypt": "\([^"]*\)".*/\1/' | base64 -d |
  openssl enc -d -aes-256-cbc -nopad -K "$key" -iv "${key:0:32}" | tail -c +21 | sed 's/[[:cntrl:] ]*$//'
echo
