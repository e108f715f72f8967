#!/usr/bin/env bash
# What the GitHub action does, as a script that can be tried anywhere: check the policy with annotations on its lines, and
# write what the change opens and closes into the job's summary. It needs no secret, so it works on pull requests from forks.
set -euo pipefail

policy=${ACLC_POLICY:-policy.hujson}
tailnet=()
if [ -n "${ACLC_TAILNET:-}" ]; then tailnet=(--tailnet "$ACLC_TAILNET"); fi
summary=${RUNNER_TEMP:-/tmp}/aclc-summary.md
steps=${GITHUB_STEP_SUMMARY:-/dev/null}
outputs=${GITHUB_OUTPUT:-/dev/null}
status=0

aclc check "$policy" "${tailnet[@]}" --fail-on "${ACLC_FAIL_ON:-error}" -o github -o "markdown:$summary" || status=$?
if [ "$status" -gt 1 ]; then exit "$status"; fi
# `-o github` has put the findings into the summary already where GitHub gives a file for it.
if [ ! -s "$summary" ]; then echo "aclc wrote no summary" >&2; exit 2; fi

against=${ACLC_AGAINST:-}
if [ -z "$against" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then against="origin/$GITHUB_BASE_REF"; fi
changed=""
if [ -n "$against" ]; then
  folder=$(dirname "$policy")
  # Checkouts of pull requests are shallow: without the base revision there is nothing to compare with.
  if git -C "$folder" rev-parse --quiet --verify "$against^{commit}" >/dev/null ||
     git -C "$folder" fetch --quiet --depth=1 origin "${against#origin/}:refs/remotes/$against"; then
    if git -C "$folder" cat-file -e "$against:./$(basename "$policy")" 2>/dev/null; then
      comparison=$(aclc diff "git:$against" "$policy" "${tailnet[@]}" --color never)
      changed=true
      if [[ $comparison == "No change in access"* ]]; then changed=false; fi
      { printf '\n### What this change opens and closes\n\n````text\n'; printf '%s\n' "$comparison"; printf '````\n'; } |
        tee -a "$summary" >> "$steps"
      if [ "${ACLC_NO_NEW_ACCESS:-false}" = true ] &&
         ! aclc diff "git:$against" "$policy" "${tailnet[@]}" --no-new-access >/dev/null; then
        echo "::error file=$policy::This change gives new access; see the job's summary."
        status=1
      fi
    else
      echo "$policy is new against $against: nothing to compare with." | tee -a "$summary" >> "$steps"
    fi
  else
    echo "::warning::Revision $against is not here: what the change opens was not compared."
  fi
fi

{ echo "changed=$changed"; echo "summary=$summary"; } >> "$outputs"
exit "$status"
