#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Microsoft.Graph.Authentication'; ModuleVersion = '2.26.0' }
<#
.SYNOPSIS
Takes the service's rights away again, all or those of the temporary app alone.
.DESCRIPTION
Run by: whoever may give them (see the other scripts). Asks before each thing; -Confirm:$false
asks nothing, -WhatIf shows. What is not there is passed over. Files, columns, the register and
the rights within the libraries stay: they are the network's own.
.EXAMPLE
./9-remove.ps1 -ProvisioningOnly -Site https://kommun.sharepoint.com/sites/natverket -ProvisionClientId 44444444-4444-4444-4444-444444444444
.EXAMPLE
./9-remove.ps1 -ClientId 00000000-0000-0000-0000-000000000000 -Site https://kommun.sharepoint.com/sites/natverket, https://kommun.sharepoint.com/sites/energi -WhatIf
#>
[CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High', DefaultParameterSetName = 'All')]
param(
    [Parameter(Mandatory)] [ValidatePattern('^https://[^/]+(/.*)?$')] [string[]] $Site,
    [Parameter(Mandatory, ParameterSetName = 'Provisioning')] [switch] $ProvisioningOnly,
    [Parameter(Mandatory, ParameterSetName = 'Provisioning')] [guid] $ProvisionClientId,
    [Parameter(Mandatory, ParameterSetName = 'All')] [guid] $ClientId,
    [Parameter(ParameterSetName = 'All')]
    [ValidatePattern('^[^@\s]+@[^@\s]+$')] [string[]] $Organiser = @(),
    [Parameter(ParameterSetName = 'All')] [ValidatePattern('^[A-Za-z0-9-]{1,40}$')] [string] $ScopeName = 'natverket',
    [Parameter(ParameterSetName = 'All')] [ValidatePattern('^[A-Za-z0-9-]{1,40}$')] [string] $PolicyName = 'natverket'
)
Set-StrictMode -Version 1.0
$ErrorActionPreference = 'Stop'

$id = if ($ProvisioningOnly) { "$ProvisionClientId" } else { "$ClientId" }

if (-not $ProvisioningOnly) {
    Import-Module -Name ExchangeOnlineManagement -MinimumVersion 3.4.0
    Connect-ExchangeOnline -ShowBanner:$false
    foreach ($role in 'Calendars.Read', 'Mail.Read', 'Mail.Send', 'Mail.ReadWrite') {
        $name = "$ScopeName Application $role"
        if (Get-ManagementRoleAssignment -Identity $name -ErrorAction SilentlyContinue) {
            if ($PSCmdlet.ShouldProcess($name, 'take away')) {
                Remove-ManagementRoleAssignment -Identity $name -Confirm:$false
                Write-Host "taken  $name"
            }
        }
    }
    if ((Get-ManagementScope -Identity $ScopeName -ErrorAction SilentlyContinue) -and $PSCmdlet.ShouldProcess("scope $ScopeName", 'remove')) {
        Remove-ManagementScope -Identity $ScopeName -Confirm:$false
        Write-Host "gone   scope $ScopeName"
    }
    if ((Get-ServicePrincipal -Identity $id -ErrorAction SilentlyContinue) -and $PSCmdlet.ShouldProcess("service principal $id in Exchange", 'remove')) {
        Remove-ServicePrincipal -Identity $id -Confirm:$false
        Write-Host 'gone   service principal in Exchange'
    }
    Disconnect-ExchangeOnline -Confirm:$false

    Import-Module -Name MicrosoftTeams -MinimumVersion 6.6.0
    Connect-MicrosoftTeams | Out-Null
    foreach ($address in $Organiser) {
        $has = "$((Get-CsOnlineUser -Identity $address).ApplicationAccessPolicy)" -replace '^Tag:', ''
        if ($has -ne $PolicyName) { continue }
        if ($PSCmdlet.ShouldProcess($address, "take the policy $PolicyName away")) {
            Grant-CsApplicationAccessPolicy -Identity $address -PolicyName $null
            Write-Host "taken  policy of $address"
        }
    }
    if ((Get-CsApplicationAccessPolicy -Identity $PolicyName -ErrorAction SilentlyContinue) -and $PSCmdlet.ShouldProcess("policy $PolicyName", 'remove')) {
        Remove-CsApplicationAccessPolicy -Identity $PolicyName
        Write-Host "gone   policy $PolicyName"
    }
    Disconnect-MicrosoftTeams
}

Connect-MgGraph -Scopes 'Sites.FullControl.All', 'Application.ReadWrite.All' -ContextScope Process -NoWelcome
foreach ($text in $Site) {
    $address = [uri] $text
    $path = $address.AbsolutePath.TrimEnd('/')
    $named = if ($path) { "$($address.Host):$path" } else { $address.Host }
    $on = Invoke-MgGraphRequest -Method GET -Uri "/v1.0/sites/$named" -OutputType PSObject
    $grants = @((Invoke-MgGraphRequest -Method GET -Uri "/v1.0/sites/$($on.id)/permissions" -OutputType PSObject).value)
    foreach ($grant in $grants | Where-Object { $_.grantedToIdentitiesV2.application.id -contains $id }) {
        if ($PSCmdlet.ShouldProcess($text, "take the grant of app $id away")) {
            Invoke-MgGraphRequest -Method DELETE -Uri "/v1.0/sites/$($on.id)/permissions/$($grant.id)" | Out-Null
            Write-Host "taken  grant on $text"
        }
    }
}
$filter = [uri]::EscapeDataString("appId eq '$id'")
$apps = @((Invoke-MgGraphRequest -Method GET -Uri "/v1.0/applications?`$filter=$filter" -OutputType PSObject).value)
foreach ($app in $apps) {
    if ($PSCmdlet.ShouldProcess("app $($app.displayName)", 'delete (Entra keeps it for 30 days)')) {
        Invoke-MgGraphRequest -Method DELETE -Uri "/v1.0/applications/$($app.id)" | Out-Null
        Write-Host "gone   app $($app.displayName)"
    }
}
Disconnect-MgGraph | Out-Null
if (-not $ProvisioningOnly) {
    Write-Host 'Left: the Teams app (admin.teams.microsoft.com > Manage apps), the workflow in the channel (its owner deletes it), and all that was filed.'
}
