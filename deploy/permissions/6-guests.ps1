#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Microsoft.Graph.Authentication'; ModuleVersion = '2.26.0' }
#Requires -Modules @{ ModuleName = 'PnP.PowerShell'; ModuleVersion = '3.1.0' }
<#
.SYNOPSIS
Shows what decides whether guests of the network can open what is filed. Changes nothing.
.DESCRIPTION
Run by: SharePoint Administrator who may read policies (Global Reader, for the Graph part).
For each thing: what is set, what it means for the network's guests, and where it is changed.
PnP PowerShell signs in as an app of your own tenant: Register-PnPEntraIDAppForInteractiveLogin
makes one once, and prints the id for -PnPClientId.
.EXAMPLE
./6-guests.ps1 -Site https://kommun.sharepoint.com/sites/natverket -GroupId 22222222-2222-2222-2222-222222222222 -PnPClientId 33333333-3333-3333-3333-333333333333
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [ValidatePattern('^https://[^/]+/.+$')] [string] $Site,
    # The team's group: Teams > the team > Get link to team, after groupId=
    [Parameter(Mandatory)] [guid] $GroupId,
    [Parameter(Mandatory)] [guid] $PnPClientId
)
Set-StrictMode -Version 1.0
$ErrorActionPreference = 'Stop'

function Show-State([string] $What, [object] $Is, [bool] $Good, [string] $Remedy) {
    Write-Host "$(if ($Good) { 'ok    ' } else { 'look  ' }) ${What}: $Is"
    if (-not $Good) { Write-Host "       $Remedy" }
}

Connect-MgGraph -Scopes 'Policy.Read.All', 'Group.Read.All', 'Directory.Read.All' -ContextScope Process -NoWelcome

Write-Host '--- sign-in: Entra ID'
$policy = Invoke-MgGraphRequest -Method GET -Uri '/v1.0/policies/authorizationPolicy' -OutputType PSObject
Show-State 'who may invite guests' $policy.allowInvitesFrom ($policy.allowInvitesFrom -ne 'none') 'Entra > External Identities > External collaboration settings > Guest invite settings'
$across = Invoke-MgGraphRequest -Method GET -Uri '/v1.0/policies/crossTenantAccessPolicy/default' -OutputType PSObject
$inbound = $across.b2bCollaborationInbound.usersAndGroups.accessType
Show-State 'guests from other organisations, unless one is named' $inbound ($inbound -eq 'allowed') 'Entra > External Identities > Cross-tenant access settings: add the member municipalities'
$trusts = $across.inboundTrust.isMfaAccepted
Show-State "guests' own second factor is trusted" $trusts ([bool] $trusts) 'Else each guest registers a second one here, where a policy asks for it. Cross-tenant access settings > Inbound > Trust settings'

Write-Host '--- the team: Microsoft 365 group'
$group = Invoke-MgGraphRequest -Method GET -OutputType PSObject -Uri "/v1.0/groups/${GroupId}?`$select=id,displayName,visibility,assignedLabels"
Show-State "label of $($group.displayName)" "$($group.assignedLabels.displayName)" (-not $group.assignedLabels) 'A label can forbid guests and unmanaged devices: Purview > Information protection > the label > Groups & sites'
$settings = @((Invoke-MgGraphRequest -Method GET -Uri "/v1.0/groups/$GroupId/settings" -OutputType PSObject).value)
$settings += @((Invoke-MgGraphRequest -Method GET -Uri '/v1.0/groupSettings' -OutputType PSObject).value)
$closed = @($settings | ForEach-Object { $_.values } | Where-Object { $_.name -in 'AllowToAddGuests', 'AllowGuestsToAccessGroups' -and $_.value -eq 'false' })
Show-State 'settings of groups that keep guests out' "$($closed.name)" ($closed.Count -eq 0) 'learn.microsoft.com/microsoft-365/solutions/per-group-guest-access, for this group or for all'
Disconnect-MgGraph | Out-Null

Write-Host '--- the site: SharePoint'
$address = [uri] $Site
$admin = "https://$($address.Host.Replace('.sharepoint.', '-admin.sharepoint.'))"
Connect-PnPOnline -Url $admin -Interactive -ClientId "$PnPClientId"
$tenant = Get-PnPTenant
$own = Get-PnPTenantSite -Identity $Site -Detailed
Show-State 'sharing, whole organisation' $tenant.SharingCapability ("$($tenant.SharingCapability)" -ne 'Disabled') 'SharePoint admin centre > Policies > Sharing: at least Existing guests'
Show-State 'sharing, this site' $own.SharingCapability ("$($own.SharingCapability)" -ne 'Disabled') 'SharePoint admin centre > Active sites > the site > Settings > External file sharing: at least Existing guests'
Show-State 'domains' $own.SharingDomainRestrictionMode ("$($own.SharingDomainRestrictionMode)" -eq 'None') 'A list of allowed domains must name every member municipality: the same page, Advanced settings'
$days = if ($own.OverrideTenantExternalUserExpirationPolicy) { $own.ExternalUserExpirationInDays } elseif ($tenant.ExternalUserExpirationRequired) { $tenant.ExternalUserExpireInDays } else { 0 }
Show-State 'days until guests lose the site, unless renewed (0: never)' $days ($days -eq 0) 'Owners renew it under Settings > Site permissions > Guest expiration. Members of the team keep what the team gives'
Show-State 'access by conditional access' $own.ConditionalAccessPolicy ("$($own.ConditionalAccessPolicy)" -eq 'AllowFullAccess') 'Limited or blocked access stops guests with devices of their own from downloading: Active sites > the site'
Show-State 'label of the site' "$($own.SensitivityLabel)" (-not "$($own.SensitivityLabel)") 'As for the group: a label with encryption or an authentication context can keep guests out'
Disconnect-PnPOnline
