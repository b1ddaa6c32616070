#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Microsoft.Graph.Authentication'; ModuleVersion = '2.26.0' }
<#
.SYNOPSIS
Opens the network's site to the service for writing, and source sites for reading; no other site.
.DESCRIPTION
Run by: SharePoint Administrator; with -ProvisionAppName also Privileged Role Administrator.
Looks first: a grant of the same role is left, one of another role is changed to the role named.
With -ProvisionAppName a temporary app with full control of the one site is made for
`natverket provision`. Its secret you make yourself in the portal, good for a day; none is made,
printed or stored here. 9-remove.ps1 -ProvisioningOnly takes that app away again. An owner of the
site who runs `natverket provision --as-person` makes it needless.
.EXAMPLE
./2-site.ps1 -Site https://kommun.sharepoint.com/sites/natverket -ClientId 00000000-0000-0000-0000-000000000000
.EXAMPLE
./2-site.ps1 -Site https://kommun.sharepoint.com/sites/natverket -ClientId 00000000-0000-0000-0000-000000000000 -SourceSite https://kommun.sharepoint.com/sites/energi -ProvisionAppName 'Nätverket, uppläggning' -WhatIf
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [ValidatePattern('^https://[^/]+(/.*)?$')] [string] $Site,
    [Parameter(Mandatory)] [guid] $ClientId,
    [ValidatePattern('^https://[^/]+(/.*)?$')] [string[]] $SourceSite = @(),
    [ValidateLength(1, 90)] [string] $ProvisionAppName
)
Set-StrictMode -Version 1.0
$ErrorActionPreference = 'Stop'

function Get-SiteByAddress([uri] $Address) {
    $path = $Address.AbsolutePath.TrimEnd('/')
    $named = if ($path) { "$($Address.Host):$path" } else { $Address.Host }
    return Invoke-MgGraphRequest -Method GET -Uri "/v1.0/sites/$named" -OutputType PSObject
}

function Set-AppRole([object] $On, [string] $AppId, [string] $AppName, [string] $Role) {
    $uri = "/v1.0/sites/$($On.id)/permissions"
    $grants = @((Invoke-MgGraphRequest -Method GET -Uri $uri -OutputType PSObject).value)
    $own = $grants | Where-Object { $_.grantedToIdentitiesV2.application.id -contains $AppId } | Select-Object -First 1
    if (-not $own) {
        if (-not $PSCmdlet.ShouldProcess($On.webUrl, "give $AppName the role $Role")) { return }
        $identity = @{ application = @{ id = $AppId; displayName = $AppName } }
        $body = @{ roles = @($Role); grantedToIdentities = @($identity) } | ConvertTo-Json -Depth 5
        Invoke-MgGraphRequest -Method POST -Uri $uri -Body $body | Out-Null
        Write-Host "given  $Role on $($On.webUrl) to $AppName"
        return
    }
    # The list of grants does not tell their roles; each by itself does.
    $one = "/v1.0/sites/$($On.id)/permissions/$($own.id)"
    $roles = @((Invoke-MgGraphRequest -Method GET -Uri $one -OutputType PSObject).roles)
    if ($roles -contains $Role) {
        Write-Host "there  $Role on $($On.webUrl) for $AppName"
    } elseif ($PSCmdlet.ShouldProcess($On.webUrl, "change the role of $AppName from $roles to $Role")) {
        $body = @{ roles = @($Role) } | ConvertTo-Json
        Invoke-MgGraphRequest -Method PATCH -Uri $one -Body $body | Out-Null
        Write-Host "changed to $Role on $($On.webUrl) for $AppName"
    }
}

function Get-ProvisionApp([string] $Name) {
    $filter = [uri]::EscapeDataString("displayName eq '$($Name.Replace("'", "''"))'")
    $found = @((Invoke-MgGraphRequest -Method GET -Uri "/v1.0/applications?`$filter=$filter" -OutputType PSObject).value)
    if ($found.Count -gt 1) { throw "Several apps are called $Name. Choose another name." }
    if ($found.Count -eq 1) { return $found[0] }
    if (-not $PSCmdlet.ShouldProcess("app $Name", 'register')) { return $null }
    $body = @{ displayName = $Name; signInAudience = 'AzureADMyOrg' } | ConvertTo-Json
    $app = Invoke-MgGraphRequest -Method POST -Uri '/v1.0/applications' -Body $body -OutputType PSObject
    $body = @{ appId = $app.appId } | ConvertTo-Json
    $principal = Invoke-MgGraphRequest -Method POST -Uri '/v1.0/servicePrincipals' -Body $body -OutputType PSObject
    $graph = Invoke-MgGraphRequest -Method GET -OutputType PSObject -Uri "/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')?`$select=id,appRoles"
    $role = $graph.appRoles | Where-Object { $_.value -eq 'Sites.Selected' -and $_.allowedMemberTypes -contains 'Application' }
    $body = @{ principalId = $principal.id; resourceId = $graph.id; appRoleId = $role.id } | ConvertTo-Json
    Invoke-MgGraphRequest -Method POST -Uri "/v1.0/servicePrincipals/$($principal.id)/appRoleAssignments" -Body $body | Out-Null
    Write-Host "made   app $Name, client id $($app.appId)"
    return $app
}

$scopes = @('Sites.FullControl.All')
if ($ProvisionAppName) { $scopes += 'Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All' }
Connect-MgGraph -Scopes $scopes -ContextScope Process -NoWelcome

Set-AppRole (Get-SiteByAddress $Site) "$ClientId" 'Nätverket' 'write'
foreach ($address in $SourceSite) {
    Set-AppRole (Get-SiteByAddress $address) "$ClientId" 'Nätverket' 'read'
}
if ($ProvisionAppName) {
    $app = Get-ProvisionApp $ProvisionAppName
    if ($app) {
        Set-AppRole (Get-SiteByAddress $Site) $app.appId $ProvisionAppName 'fullcontrol'
        Write-Host ''
        Write-Host 'Now make its secret, good for a day, and give it to who runs `natverket provision`:'
        Write-Host "  entra.microsoft.com > App registrations > $ProvisionAppName > Certificates & secrets > New client secret"
        Write-Host "  NATVERKET_PROVISION_CLIENT_ID=$($app.appId)"
        Write-Host "Afterwards: ./9-remove.ps1 -ProvisioningOnly -Site $Site -ProvisionClientId $($app.appId)"
    }
}
Disconnect-MgGraph | Out-Null
