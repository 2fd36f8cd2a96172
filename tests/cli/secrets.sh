#!/usr/bin/env bash
# A file that holds a secret and can be read or written by others is refused, and the command that repairs it is named.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "${BASH_SOURCE[0]}")/scene.sh"

make_operator
make_address_book
make_certificate
make_token alice
serve=(serve --data operator --listen 127.0.0.1:0 --passphrase-file passphrase)
epoch=$(basename operator/public/directory/*)

# refused FILE WORD..: with FILE open to others in any way, the command is refused; afterwards it is closed again.
refused() {
  local file=$1 mode
  shift
  for mode in "${modes[@]}"; do
    chmod "$mode" "$file"
    run "$(exit_code_of file.access)" "$@"
    expect_nothing_on out
    expect_err "$file holds a secret and can be read or written by others" "hint: chmod 600 $file"
  done
  chmod 600 "$file"
}

modes=(640 620 604 602)
publish=(publish --data operator --subscribers subscribers.csv --passphrase-file passphrase)
refused passphrase "${publish[@]}"
refused "operator/keys/$epoch.key" "${publish[@]}"
refused "operator/slot/$epoch.slot" "${publish[@]}"
refused operator/keys/announcement.key "${publish[@]}"
refused operator/slot/announcement.slot "${publish[@]}"
refused "operator/keys/$epoch.key" "${serve[@]}"
refused "operator/slot/$epoch.slot" "${serve[@]}"
refused operator/keys/token.key token --data operator --account alice

# The key of TLS may be shared with a group, as Debian's ssl-cert shares it, and with nobody else.
modes=(604 602)
refused key.pem "${serve[@]}" --tls-cert cert.pem --tls-key key.pem
chmod 640 key.pem
start_serve "${serve[@]:1}" --tls-cert cert.pem --tls-key key.pem
stop_serve

# Unsealed keys are no exception.
run 0 init --data unsealed --operator Tests --unsealed-key --root-key-out unsealed.key
modes=(640 604)
refused unsealed/keys/announcement.key publish --data unsealed --subscribers subscribers.csv

# A client's state and its key.
start_serve "${serve[@]:1}"
ask=(discover --server "$url" --operator-key operator/public/operator.pub --token-file token --contacts contacts.vcf
  --region DE --state client/state)
run 0 "${ask[@]}"
expect_nothing_on err
refused client/state "${ask[@]}"
refused client/state.key "${ask[@]}"
run 0 "${ask[@]}"

# An access token lives for minutes and comes from a shell's redirection: that others can read it is said, and no more.
chmod 644 token
run 0 "${ask[@]}"
expect_err "warning: token can be read by others" "chmod 600 token"
stop_serve
