#!/usr/bin/env bash
# What the GitHub action does, as a script that can be tried anywhere: check the policies with annotations on their
# lines, and write what the change opens and closes into the job's summary and into one comment of the pull request. It
# needs no secret, so it works on pull requests from forks; there GitHub gives no right to comment, and the summary has to
# do.
set -euo pipefail
exec 3>&1 # for commands to GitHub where standard output goes to a file

# INPUTS: ACLC_FILES (one a line), ACLC_AGAINST, ACLC_TAILNET, ACLC_FAIL_ON, ACLC_NO_NEW_ACCESS, ACLC_COMMENT, ACLC_PULL
files=()
while IFS= read -r name; do
  name=${name%$'\r'}
  if [ -n "$name" ]; then files+=("$name"); fi
done <<< "${ACLC_FILES:-policy.hujson}"
tailnet=()
if [ -n "${ACLC_TAILNET:-}" ]; then tailnet=(--tailnet "$ACLC_TAILNET"); fi
folder=${RUNNER_TEMP:-${TMPDIR:-/tmp}}
findings=$folder/aclc-findings.md
review=$folder/aclc-summary.md
steps=${GITHUB_STEP_SUMMARY:-/dev/null}
outputs=${GITHUB_OUTPUT:-/dev/null}
# Finds the comment again at the next push; another one for other files.
marker="<!-- aclc $(printf '%s\n' "${files[@]}" | cksum | cut -d ' ' -f 1) -->"
status=0
changed=""

against=${ACLC_AGAINST:-}
if [ -z "$against" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then against="origin/$GITHUB_BASE_REF"; fi

# Checkouts of pull requests are shallow: the revision to compare with may have to be fetched.
has_revision() {
  git rev-parse --quiet --verify "$against^{commit}" >/dev/null 2>&1 ||
    git fetch --quiet --depth=1 origin "+${against#origin/}:refs/remotes/origin/${against#origin/}" 2>/dev/null
}

# Says what a change of one file opens and closes, for people who review it.
compare() {
  local file=$1 part=$folder/aclc-preview.md code=0
  printf '\n'
  if ! git -C "$(dirname "$file")" cat-file -e "$against:./$(basename "$file")" 2>/dev/null; then
    changed=true
    printf '### `%s` is new\n\nThere is nothing at `%s` to compare it with.\n' "$file" "$against"
    return
  fi
  aclc preview "git:$against" "$file" ${tailnet[@]+"${tailnet[@]}"} --format markdown --fail-on never -o "$part" \
    2>"$folder/aclc-errors.txt" || code=$?
  if [ "$code" -ne 0 ]; then
    changed=true
    printf '### `%s` cannot be compared\n\n````text\n' "$file"
    cat "$folder/aclc-errors.txt"
    printf '````\n'
    return
  fi
  if ! grep -q '^### .*No change in access' "$part"; then changed=true; fi
  cat "$part"
  if [ "${ACLC_NO_NEW_ACCESS:-false}" = true ]; then
    aclc diff "git:$against" "$file" ${tailnet[@]+"${tailnet[@]}"} --no-new-access >/dev/null || code=$?
    if [ "$code" -ne 0 ]; then
      printf '\n**This change gives new access, which this repository does not allow without agreement.**\n'
      echo "::error file=$file::this change gives new access; the job's summary says what" >&3
      status=1
    fi
  fi
}

# Writes one comment, and the same one again at the next push.
comment() {
  local comments="repos/$GITHUB_REPOSITORY/issues/$ACLC_PULL/comments" body=$1 id
  id=$(gh api "$comments" --paginate \
    --jq ".[] | select(.user.type == \"Bot\" and (.body | startswith(\"$marker\"))) | .id" | head -n 1) || return 1
  if [ -n "$id" ]; then
    gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" -F "body=@$body" >/dev/null
  else
    gh api --method POST "$comments" -F "body=@$body" >/dev/null
  fi
}

code=0
aclc check "${files[@]}" ${tailnet[@]+"${tailnet[@]}"} --fail-on "${ACLC_FAIL_ON:-error}" -o github -o "markdown:$findings" || code=$?
if [ "$code" -gt 1 ]; then exit "$code"; fi
status=$code

: > "$review"
if [ -n "$against" ]; then
  if has_revision; then
    changed=false
    for file in "${files[@]}"; do compare "$file" >> "$review"; done
    # `-o github` has put the findings into the summary already.
    cat "$review" >> "$steps"
  else
    echo "::warning::revision $against is not here: what the change opens was not compared"
  fi
fi
{ printf '\n### Everything that aclc finds\n\n'; cat "$findings"; } >> "$review"

if [ "${ACLC_COMMENT:-false}" = true ] && [ -n "${ACLC_PULL:-}" ]; then
  body=$folder/aclc-comment.md
  # GitHub takes 65,536 characters.
  if [ "$(wc -c < "$review")" -lt 60000 ]; then
    { printf '%s\n' "$marker"; cat "$review"; } > "$body"
  else
    printf '%s\nThere is more to say than fits into a comment: see the summary of the job.\n' "$marker" > "$body"
  fi
  if ! comment "$body" 2>"$folder/aclc-errors.txt"; then
    echo "::notice::no comment was written (pull requests from forks give no right to): see the job's summary"
  fi
fi

{ echo "changed=$changed"; echo "summary=$review"; } >> "$outputs"
exit "$status"
