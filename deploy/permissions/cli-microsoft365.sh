#!/usr/bin/env bash
# The same as the PowerShell scripts beside it, with CLI for Microsoft 365 (11.11 or newer).
#
#   npm install -g @pnp/cli-microsoft365 && m365 setup && m365 login
#
# It cannot: name the organisers of meetings (4-meetings.ps1; Teams has that policy in PowerShell
# alone), consent to the Teams app in a team (an owner does, in Teams), nor make a certificate.
# Each step says who may run it, and looks first where the CLI can tell. No secret is printed.
set -euo pipefail

usage() {
  cat >&2 <<'USAGE'
NAME=value … cli-microsoft365.sh STEP

  app        CERTIFICATE_FILE (public part)          Privileged Role Administrator
  site       CLIENT_ID SITE [SOURCE_SITES]           SharePoint Administrator
  provision  PROVISION_CLIENT_ID SITE                SharePoint Administrator
  mailbox    CLIENT_ID MAILBOX [MAIL_ROLES]          Exchange Administrator
  channel    PACKAGE                                 Teams Administrator
  guests     SITE GROUP_ID (shows, changes nothing)  SharePoint Administrator
  libraries  SITE [DOCUMENTATION] [COORDINATION]     owner of the site
  remove     CLIENT_ID SITE [SOURCE_SITES]           as for app and site

SITE            address of the network's site: https://kommun.sharepoint.com/sites/natverket
SOURCE_SITES    addresses of sites to read from, parted by blanks
CLIENT_ID       of the app that `app` made; PROVISION_CLIENT_ID of a second, temporary one
MAIL_ROLES      more roles on the mailbox, parted by commas: Application Mail.Read,Application Mail.Send
PACKAGE         the zip that `natverket teams-app` builds
GROUP_ID        id of the team's group
DOCUMENTATION   the library that members read: Dokumentation
COORDINATION    the library that only coordinators open: Samordning
USAGE
  exit 2
}

NAME="${NAME:-Nätverket}"
GRAPH=https://graph.microsoft.com
READ=1073741826 # SharePoint's own id of the role Read, in every language

app() {
  : "${CERTIFICATE_FILE:?}"
  if grep -q 'PRIVATE KEY' "$CERTIFICATE_FILE"; then
    echo "$CERTIFICATE_FILE holds a private key: give the public part alone" >&2
    exit 2
  fi
  if m365 entra app get --name "$NAME" --query appId --output text 2>/dev/null; then
    echo "there  app $NAME (its client id above); rights and certificate are left as they are"
    return
  fi
  m365 entra app add --name "$NAME" --certificateFile "$CERTIFICATE_FILE" \
    --apisApplication "$GRAPH/Sites.Selected,$GRAPH/OnlineMeetings.Read.All,$GRAPH/OnlineMeetingRecording.Read.All,$GRAPH/OnlineMeetingTranscript.Read.All,$GRAPH/OnlineMeetingArtifact.Read.All" \
    --grantAdminConsent --query appId --output text
  echo "made   app $NAME (its client id above)"
}

grant() { # SITE APP ROLE
  local there
  there="$(m365 spo site apppermission list --siteUrl "$1" --appId "$2" --query 'length(@)' --output text)"
  if [ "${there:-0}" != 0 ]; then
    echo "there  a grant on $1 for $2"
    return
  fi
  m365 spo site apppermission add --siteUrl "$1" --appId "$2" --permission "$3" --output none
  echo "given  $3 on $1 to $2"
}

site() {
  : "${CLIENT_ID:?}" "${SITE:?}"
  grant "$SITE" "$CLIENT_ID" write
  for source in ${SOURCE_SITES:-}; do grant "$source" "$CLIENT_ID" read; done
}

provision() {
  : "${PROVISION_CLIENT_ID:?}" "${SITE:?}"
  grant "$SITE" "$PROVISION_CLIENT_ID" fullcontrol
  echo "afterwards: m365 spo site apppermission remove --siteUrl $SITE --appId $PROVISION_CLIENT_ID --force"
}

mailbox() {
  : "${CLIENT_ID:?}" "${MAILBOX:?}"
  local principal role
  principal="$(m365 entra enterpriseapp get --id "$CLIENT_ID" --query id --output text)"
  # The CLI has no command that lists these; a second one of the same is refused, and harmless.
  while IFS= read -r role; do
    m365 exo approleassignment add --roleDefinitionName "$role" --principalId "$principal" \
      --scope user --userName "$MAILBOX" --output none
    echo "given  $role on $MAILBOX"
  done < <(printf '%s\n' "Application Calendars.Read" "${MAIL_ROLES:-}" | tr , '\n' | grep .)
}

channel() {
  : "${PACKAGE:?}"
  m365 teams app publish --filePath "$PACKAGE"
  echo 'added  to the catalogue; an owner of the team adds it to the team, and consents by that'
}

guests() {
  : "${SITE:?}" "${GROUP_ID:?}"
  echo '--- who may invite, and from where (allowInvitesFrom must not be none)'
  m365 entra policy list --type authorization --query '[].allowInvitesFrom'
  m365 entra policy list --type crossTenantAccess
  echo '--- the group and its label'
  m365 entra group get --id "$GROUP_ID" --query '{name: displayName, visibility: visibility}'
  echo '--- sharing (0: nobody outside; then no guest opens anything)'
  m365 spo tenant settings list --query '{SharingCapability: SharingCapability, days: ExternalUserExpireInDays}'
  m365 spo site get --url "$SITE" --query '{ShareByEmailEnabled: ShareByEmailEnabled, label: SensitivityLabel}'
  echo 'More, and what to change where: 6-guests.ps1'
}

own_rights() { # LIBRARY
  local unique
  unique="$(m365 spo list get --webUrl "$SITE" --title "$1" --properties HasUniqueRoleAssignments --query HasUniqueRoleAssignments --output text)"
  if [ "$unique" = true ]; then
    echo "there  rights of its own: $1"
  else
    m365 spo list roleinheritance break --webUrl "$SITE" --listTitle "$1" --force
    echo "made   rights of its own: $1"
  fi
}

libraries() {
  : "${SITE:?}"
  local documentation="${DOCUMENTATION:-Dokumentation}" coordination="${COORDINATION:-Samordning}" kind group
  own_rights "$coordination"
  own_rights "$documentation"
  for kind in Member Visitor; do
    group="$(m365 spo group get --webUrl "$SITE" --associatedGroup "$kind" --query Id --output text)"
    m365 spo list roleassignment remove --webUrl "$SITE" --listTitle "$coordination" --principalId "$group" --force
    m365 spo list roleassignment remove --webUrl "$SITE" --listTitle "$documentation" --principalId "$group" --force
    m365 spo list roleassignment add --webUrl "$SITE" --listTitle "$documentation" --principalId "$group" --roleDefinitionId "$READ"
    echo "set    ${kind}s: read $documentation, nothing in $coordination"
  done
}

remove() {
  : "${CLIENT_ID:?}" "${SITE:?}"
  local address
  for address in $SITE ${SOURCE_SITES:-}; do
    m365 spo site apppermission remove --siteUrl "$address" --appId "$CLIENT_ID"
  done
  m365 entra app remove --appId "$CLIENT_ID"
  echo 'Left: the roles in Exchange and the policy in Teams (9-remove.ps1), the Teams app, the files.'
}

case "${1:-}" in
  app | site | provision | mailbox | channel | guests | libraries | remove) "$1" ;;
  *) usage ;;
esac
