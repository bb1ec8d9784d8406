#!/usr/bin/env bash
# The whole path as a REST client walks it, with nothing but curl: a specification is drafted by the model,
# becomes an approved plan, then an approved scope. Prints a transcript; stops at the first surprise.
# Needs ADDRESS, TESTER and OWNER (bearer tokens), CYCLE_REPORT (id), SPECIFICATION (file), KEY (name of a key field).
set -euo pipefail
api="$ADDRESS/api/v1"
answer=$(mktemp)
headers=$(mktemp)
trap 'rm -f "$answer" "$headers"' EXIT

# call WANTED_STATUS TOKEN METHOD PATH [curl options]: prints the exchange, leaves the body in $answer.
call() {
  local wanted=$1 token=$2 method=$3 path=$4 status
  shift 4
  printf '\n$ curl -X %s %s %s\n' "$method" "/api/v1/$path" "$*"
  status=$(curl -sS -X "$method" -H "Authorization: Bearer $token" -D "$headers" -o "$answer" \
    -w '%{http_code}' "$@" "$api/$path")
  grep -iE '^(HTTP|location|retry-after|etag|content-type)' "$headers" | tr -d '\r' | sed 's/^/< /'
  head -c 400 "$answer"
  echo
  if [ "$status" != "$wanted" ]; then
    printf 'EXPECTED %s, GOT %s\n' "$wanted" "$status"
    exit 1
  fi
}
json() { python3 -c "import json,sys; body=json.load(open('$answer')); print($1)"; }
post() {
  local wanted=$1 token=$2 path=$3 body=$4
  shift 4
  call "$wanted" "$token" POST "$path" -H 'Content-Type: application/json' -d "$body" "$@"
}
# follow JOB: polls as Retry-After asks, until the job has ended.
follow() {
  for _ in $(seq 300); do
    curl -sS -H "Authorization: Bearer $TESTER" -o "$answer" "$api/jobs/$1/"
    case $(json "body['status']") in
      succeeded) json "f\"job {body['id']}: {body['done']} done, {body['failed']} failed: {body['message']}\""; return ;;
      failed | cancelled) cat "$answer"; exit 1 ;;
    esac
    sleep 0.5
  done
  echo "the job did not end"
  exit 1
}
phase() { json "[p['id'] for p in body['phases'] if p['kind'] == '$1'][0]"; }

call 401 wrong GET "cycle-reports/$CYCLE_REPORT/"
call 200 "$TESTER" GET me/
call 200 "$TESTER" GET "cycle-reports/$CYCLE_REPORT/"
planning=$(phase planning) profiling=$(phase profiling) scoping=$(phase scoping)

post 200 "$TESTER" "phases/$planning/start/" '{}'
post 409 "$TESTER" "phases/$scoping/start/" '{}'
post 201 "$TESTER" plans/ "{\"cycle_report\": $CYCLE_REPORT}"
plan=$(json "body['id']")
call 201 "$TESTER" POST documents/ -F kind=specification -F "cycle_report=$CYCLE_REPORT" -F "file=@$SPECIFICATION"
document=$(json "body['id']")
post 202 "$TESTER" "plans/$plan/draft/" "{\"document\": $document}"
job=$(json "body['id']")
follow "$job"

call 200 "$TESTER" GET "attributes/?plan=$plan&search=$(printf %s "$KEY" | sed 's/ /%20/g')"
attribute=$(json "body['results'][0]['id']")
post 428 "$TESTER" "attributes/$attribute/flags/" '{"is_key": true}'
post 412 "$TESTER" "attributes/$attribute/flags/" '{"is_key": true}' -H 'If-Match: "999"'
post 200 "$TESTER" "attributes/$attribute/flags/" '{"is_key": true, "is_cde": true}' -H 'If-Match: "1"'
post 200 "$TESTER" "plans/$plan/submit/" '{"note": "Drafted from the specification."}' -H 'Idempotency-Key: submit-the-plan'
post 200 "$TESTER" "plans/$plan/submit/" '{"note": "Drafted from the specification."}' -H 'Idempotency-Key: submit-the-plan'
post 403 "$TESTER" "plans/$plan/approve/" '{}'
post 200 "$OWNER" "plans/$plan/approve/" '{"note": "Agreed."}'
post 409 "$TESTER" "attributes/$attribute/flags/" '{"is_key": false}' -H 'If-Match: "2"'
post 200 "$TESTER" "phases/$planning/complete/" '{}'
post 400 "$TESTER" "phases/$profiling/skip/" '{}'
post 200 "$TESTER" "phases/$profiling/skip/" '{"reason": "No population yet."}'
post 200 "$TESTER" "phases/$scoping/start/" '{}'

call 200 "$TESTER" GET "scopes/?cycle_report=$CYCLE_REPORT"
scope=$(json "body['results'][0]['id']")
post 202 "$TESTER" "scopes/$scope/recommend/" '{}'
job=$(json "body['id']")
follow "$job"
call 200 "$TESTER" GET "scope-items/?scope=$scope&page_size=1000"
items=$(json "[i['id'] for i in body['results'] if not i['attribute']['is_key']]")
post 200 "$TESTER" "scopes/$scope/decide/" "{\"items\": $items, \"decision\": \"advice\", \"reason\": \"\"}"
post 200 "$TESTER" "scopes/$scope/submit/" '{"note": "As advised."}'
post 403 "$TESTER" "scopes/$scope/approve/" '{}'
post 400 "$OWNER" "scopes/$scope/reject/" '{}'
post 200 "$OWNER" "scopes/$scope/approve/" '{"note": "Agreed."}'
call 200 "$OWNER" GET "scopes/$scope/metrics/"
post 200 "$TESTER" "phases/$scoping/complete/" '{}'
call 200 "$OWNER" GET "assignments/?status=open"
echo
echo "The whole path is done: plan $plan and scope $scope are approved."
