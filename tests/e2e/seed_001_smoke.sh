# The smoke tests 4.1 to 4.4 of seed 001 as they are printed there, with the host, the token and the job's id put in.
# Reads HOST and TOKEN; prints the answer of each step after a line that names it.
set -euo pipefail

echo "== 4.1"
curl -sS -X POST "$HOST/api/admin/hydrateAll" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $TOKEN" \
  -d '{
    "language": "en",
    "boardCode": "CBSE",
    "grade": "1",
    "subjectCode": "MATH",
    "options": {
      "generateNotes": true,
      "generateQuestions": false,
      "dryRun": true
    }
  }' -w '\n%{http_code}\n'

echo "== 4.2"
ANSWER=$(curl -sS -X POST "$HOST/api/admin/hydrateAll" \
  -H "Content-Type: application/json" \
  -H "Authorization: Bearer $TOKEN" \
  -d '{
    "language": "en",
    "boardCode": "CBSE",
    "grade": "1",
    "subjectCode": "MATH"
  }' -w '\n%{http_code}\n')
echo "$ANSWER"
JOB=$(echo "$ANSWER" | sed -n 's/.*"rootJobId":"\([^"]*\)".*/\1/p')

echo "== 4.3"
# Get job status
curl -sS "$HOST/api/admin/hydrateAll/$JOB" \
  -H "Authorization: Bearer $TOKEN" -w '\n%{http_code}\n'

echo "== 4.4"
# Prometheus metrics endpoint
curl -sS "$HOST/api/admin/metrics" \
  -H "Authorization: Bearer $TOKEN" | grep hydrate
