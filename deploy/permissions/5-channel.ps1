#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Microsoft.Graph.Authentication'; ModuleVersion = '2.26.0' }
<#
.SYNOPSIS
Uploads the Teams app, and adds it to the one team whose channels the service reads (optional).
.DESCRIPTION
Run by: Teams Administrator for the upload. With -TeamId: an owner of the team, who consents by it
to ChannelMessage.Read.Group, for that team alone. Looks first: an app of the same id is not
uploaded again, and a team that has it is left.
.EXAMPLE
./5-channel.ps1 -Package natverket-teams-app.zip
The file that `natverket teams-app` builds.
.EXAMPLE
./5-channel.ps1 -Package natverket-teams-app.zip -TeamId 22222222-2222-2222-2222-222222222222
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)]
    [ValidateScript({ Test-Path -LiteralPath $_ -PathType Leaf })] [string] $Package,
    [ValidatePattern('^[0-9a-fA-F-]{36}$')] [string] $TeamId
)
Set-StrictMode -Version 1.0
$ErrorActionPreference = 'Stop'

$path = (Resolve-Path -LiteralPath $Package).Path
Add-Type -AssemblyName System.IO.Compression.FileSystem
$zip = [System.IO.Compression.ZipFile]::OpenRead($path)
try {
    $reader = [System.IO.StreamReader]::new($zip.GetEntry('manifest.json').Open())
    $manifest = $reader.ReadToEnd() | ConvertFrom-Json
} finally {
    $zip.Dispose()
}

$scopes = @('AppCatalog.ReadWrite.All')
if ($TeamId) { $scopes = 'AppCatalog.Read.All', 'TeamsAppInstallation.ReadWriteAndConsentForTeam' }
Connect-MgGraph -Scopes $scopes -ContextScope Process -NoWelcome

$filter = [uri]::EscapeDataString("externalId eq '$($manifest.id)'")
$found = @((Invoke-MgGraphRequest -Method GET -Uri "/v1.0/appCatalogs/teamsApps?`$filter=$filter" -OutputType PSObject).value)
if ($found.Count -gt 0) {
    $app = $found[0]
    Write-Host "there  app $($app.displayName) in the catalogue, id $($app.id)"
} elseif ($TeamId) {
    throw 'The app is not in the catalogue. A Teams Administrator uploads it first: without -TeamId.'
} elseif ($PSCmdlet.ShouldProcess($manifest.name.short, "upload to the organisation's catalogue")) {
    $app = Invoke-MgGraphRequest -Method POST -Uri '/v1.0/appCatalogs/teamsApps' -ContentType 'application/zip' -InputFilePath $path -OutputType PSObject
    Write-Host "added  app $($app.displayName) to the catalogue, id $($app.id)"
}

if ($TeamId) {
    $uri = "/v1.0/teams/$TeamId/installedApps"
    $filter = [uri]::EscapeDataString("teamsApp/id eq '$($app.id)'")
    $installed = @((Invoke-MgGraphRequest -Method GET -Uri "${uri}?`$expand=teamsApp&`$filter=$filter" -OutputType PSObject).value)
    if ($installed.Count -gt 0) {
        Write-Host "there  in the team"
    } elseif ($PSCmdlet.ShouldProcess("team $TeamId", 'add the app, and consent to ChannelMessage.Read.Group')) {
        $right = @{ permissionValue = 'ChannelMessage.Read.Group'; permissionType = 'application' }
        $body = @{
            'teamsApp@odata.bind'  = "https://graph.microsoft.com/v1.0/appCatalogs/teamsApps/$($app.id)"
            consentedPermissionSet = @{ resourceSpecificPermissions = @($right) }
        } | ConvertTo-Json -Depth 5
        Invoke-MgGraphRequest -Method POST -Uri $uri -Body $body | Out-Null
        Write-Host "added  to the team, which it may read"
    }
}
Disconnect-MgGraph | Out-Null
