#!/usr/bin/env bash
# Runs the built sample as a user would: starts the jar on free ports, opens the page through its gateway, drops rule files into the
# watched folder and reloads, stops it with Ctrl-C's signal. The sample's own rule files always; Istio's originals
# where they are. Ends with exit 0 when all was well; takes about a minute.
#
#   mvn -q -Dfast -DskipTests -pl samples/bookinfo -am package && bash samples/bookinfo/smoke.sh
set -uo pipefail
# Gives the background job its own process group; without it the shell would make it deaf to SIGINT.
set -m
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 2

java=java
[[ -n ${JAVA_HOME:-} && -x $JAVA_HOME/bin/java ]] && java=$JAVA_HOME/bin/java
jar=target/bookinfo.jar
originals=${BOOKINFO_ORIGINALS:-../../../shared/data/bookinfo}
work=$(mktemp -d)
log=$work/log
rules=$work/rules
mkdir "$rules"
app=''

cleanup() {
  [[ -n $app ]] && kill -KILL "$app" 2> /dev/null
  rm -rf "$work"
}
trap cleanup EXIT

say() { printf '%3d s  %s\n' "$SECONDS" "$*"; }

fail() {
  say "FAILED: $*"
  echo "--- what bookinfo said:"
  tail -n 60 "$log"
  [[ -f $work/page ]] && { echo "--- the last page:"; sed -e '1,/<\/style>/d' "$work/page"; }
  exit 1
}

# Usage: page USER; nobody for an empty user. Leaves the page in $work/page.
page() { curl -sS --max-time 20 ${1:+-b "user=$1"} -o "$work/page" "$url" || fail "no page at $url"; }

# Reloads until the page has the text, or fails after 15 s. Usage: shows USER TEXT
shows() {
  local end=$((SECONDS + 15))
  until page "$1" && grep -qF -- "$2" "$work/page"; do
    ((SECONDS < end)) || fail "the page for ${1:-nobody} never showed: $2"
    sleep 0.1
  done
}

# Usage: drop FILE...
drop() {
  local file
  for file in "$@"; do
    cp "$from/$file" "$rules/" || fail "cannot copy $from/$file"
  done
}

# Waits until reviews-v2's own mesh sends calls to ratings by the rule in the file. Usage: ratings_by FILE
ratings_by() {
  local end=$((SECONDS + 15))
  until curl -sS --max-time 5 -G "http://127.0.0.1:${ports[3]}/actuator/mesh/explain" -d method=GET \
    --data-urlencode 'url=http://ratings:9080/ratings/0' | grep -qF -- "$1"; do
    ((SECONDS < end)) || fail "calls to ratings never followed $1"
    sleep 0.1
  done
}

# Asks 100 times which version of reviews answers; the share of the second must be in range, a first one too.
# Usage: split FIRST SECOND LEAST MOST
split() {
  local i count
  for ((i = 0; i < 100; i++)); do
    curl -sS --max-time 10 "$api/0/reviews" || fail "no answer at $api/0/reviews"
    echo
  done | grep -o '"podname":"[^"]*"' > "$work/pods"
  count=$(grep -c "$2" "$work/pods")
  ((count >= $3 && count <= $4)) || fail "$2 answered $count of 100, expected $3 to $4"
  (($(grep -c "$1" "$work/pods") + count == 100)) || fail "$(sort "$work/pods" | uniq -c)"
  say "  $1 $((100 - count)), $2 $count"
}

# Every rule file, from the folder $from.
follow_rules() {
  local before took
  rm -f "$rules"/*
  drop destination-rule-all.yaml virtual-service-all-v1.yaml
  shows '' virtual-service-all-v1.yaml
  shows '' 'reviews-v1 at'
  shows jason 'no stars'
  say "all-v1: no stars for anybody"

  drop virtual-service-reviews-test-v2.yaml
  shows jason 'reviews-v2 at'
  shows jason 'black stars'
  shows Jason 'reviews-v1 at'
  say "reviews-test-v2: black stars for jason, none for Jason"

  drop virtual-service-ratings-test-delay.yaml
  ratings_by virtual-service-ratings-test-delay.yaml
  before=$(date +%s%N)
  page jason
  took=$((($(date +%s%N) - before) / 1000000))
  grep -qF 'Error fetching product reviews!' "$work/page" || fail "the page for jason has reviews in spite of the delay"
  ((took >= 5500 && took <= 12000)) || fail "the page for jason took $took ms, expected about 6 s"
  shows Jason 'reviews-v1 at'
  say "ratings-test-delay: no reviews for jason, after $took ms"

  drop virtual-service-ratings-test-abort.yaml
  shows jason 'Ratings service is currently unavailable'
  shows jason 'virtual-service-ratings-test-abort.yaml'
  say "ratings-test-abort: reviews without ratings for jason"

  drop virtual-service-reviews-jason-v2-v3.yaml
  shows '' 'red stars'
  shows jason 'reviews-v2 at'
  shows Jason 'reviews-v3 at'
  say "reviews-jason-v2-v3: v2 for jason, red stars for everybody else"

  drop virtual-service-reviews-v3.yaml
  shows '' virtual-service-reviews-v3.yaml
  shows Jason 'red stars'
  say "reviews-v3: red stars"

  drop virtual-service-reviews-80-20.yaml
  shows '' virtual-service-reviews-80-20.yaml
  say "reviews-80-20:"
  split reviews-v1 reviews-v2 3 45

  drop virtual-service-reviews-90-10.yaml
  shows '' virtual-service-reviews-90-10.yaml
  say "reviews-90-10:"
  split reviews-v1 reviews-v2 0 32

  drop virtual-service-reviews-50-v3.yaml
  shows '' virtual-service-reviews-50-v3.yaml
  say "reviews-50-v3:"
  split reviews-v1 reviews-v3 22 78

  drop destination-rule-reviews.yaml virtual-service-reviews-v2-v3.yaml
  shows '' virtual-service-reviews-v2-v3.yaml
  say "reviews-v2-v3, destination-rule-reviews:"
  split reviews-v2 reviews-v3 22 78

  drop fault-injection-details-v1.yaml
  shows '' 'Error fetching product details!'
  [[ $(curl -sS -o "$work/api" -w '%{http_code}' "$api/0") == 555 ]] || fail "details did not fail with 555"
  say "fault-injection-details-v1: no details, status 555"
}

[[ -f $jar ]] || {
  echo "samples/bookinfo/$jar is missing; build it: mvn -q -Dfast -DskipTests -pl samples/bookinfo -am package"
  exit 1
}

"$java" -jar "$jar" --port=0 --gateway=0 --rules="$rules" > "$log" 2>&1 &
app=$!
end=$((SECONDS + 90))
until grep -q 'Stop *Ctrl-C' "$log"; do
  kill -0 "$app" 2> /dev/null || fail "bookinfo ended before it was up"
  ((SECONDS < end)) || fail "bookinfo was not up within 90 s"
  sleep 0.2
done
url=$(sed -n 's/^ *Page *//p' "$log")
api=${url%/productpage}/api/v1/products
mapfile -t ports < <(sed -n 's/^ *Services *//p' "$log" | grep -o ':[0-9]*' | tr -d :)
((${#ports[@]} == 6)) || fail "expected six ports, found: ${ports[*]}"
say "bookinfo is up: $url, ports ${ports[*]}"
for port in "${ports[@]}"; do
  curl -sSf --max-time 10 -o "$work/health" "http://127.0.0.1:$port/health" || fail "no health at port $port"
done
page ''
grep -qF 'The Comedy of Errors' "$work/page" || fail "the page does not name the book"
gateway=${url%/productpage}
[[ ${gateway##*:} != "${ports[0]}" ]] || fail "the page is not at the gateway"
for path in / /health /details/0 /actuator/mesh; do
  [[ $(curl -sS -o "$work/other" -w '%{http_code}' "$gateway$path") == 404 ]] || fail "the gateway lets in $path"
done
say "through the gateway: the page, and nothing that bookinfo-gateway.yaml does not name"

say "the sample's own rule files"
from=rules-library
follow_rules
if [[ -f $originals/destination-rule-all.yaml ]]; then
  say "Istio's own rule files"
  from=$originals
  follow_rules
  drop destination-rule-all-mtls.yaml
  shows '' 'destination-rule-all-mtls.yaml:9'
  say "destination-rule-all-mtls: told by file and line, the page goes on"
else
  say "Istio's own rule files are not at $originals: left out (BOOKINFO_ORIGINALS=DIR says where they are)"
fi

"$java" -jar "$jar" --port="${ports[0]}" --rules="$rules" > "$work/second" 2>&1 && fail "a second bookinfo came up on a taken port"
grep -q "Port ${ports[0]} .*--port=N" "$work/second" || { cat "$work/second"; fail "a taken port is not named"; }
say "a second one on the same port: $(grep -m 1 '^Port' "$work/second")"

kill -INT "$app"
before=$(date +%s%N)
end=$((SECONDS + 15))
while kill -0 "$app" 2> /dev/null; do
  ((SECONDS < end)) || fail "bookinfo did not stop within 15 s of SIGINT"
  sleep 0.05
done
took=$((($(date +%s%N) - before) / 1000000))
wait "$app"
code=$?
app=''
((code == 130)) || fail "exit code $code after SIGINT, expected 130"
for port in "${ports[@]}" "${gateway##*:}"; do
  (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null && fail "port $port is still open"
done
# Calls that got no answer are meant to be named with their cause.
grep -n 'Exception' "$log" | grep -v 'no answer from\|no ratings' && fail "bookinfo logged an exception"
say "stopped $took ms after SIGINT, all ports closed"
