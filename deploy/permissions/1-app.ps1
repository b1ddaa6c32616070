#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'Microsoft.Graph.Authentication'; ModuleVersion = '2.26.0' }
<#
.SYNOPSIS
Registers the app as which the service signs in, with a certificate, and consents to its rights.
.DESCRIPTION
Run by: Privileged Role Administrator or Global Administrator (consent to application permissions).
Looks first: an app of this name, a right that is granted, a certificate that is there are left.
Sites.Selected opens no site until 2-site.ps1 names one; the meeting permissions open no meeting
until 4-meetings.ps1 names its organiser. No secret is made, printed or stored.
.EXAMPLE
./1-app.ps1 -CertificateFile natverket.cer
The public part of a certificate that was made where the service runs: the key never leaves it.
.EXAMPLE
./1-app.ps1 -MakeCertificate natverket.pfx -WhatIf
Shows what would be done: a certificate is made here, and its file's password is asked for.
#>
[CmdletBinding(SupportsShouldProcess, DefaultParameterSetName = 'Given')]
param(
    [ValidateLength(1, 90)] [string] $Name = 'Nätverket',
    [Parameter(Mandatory, ParameterSetName = 'Given')]
    [ValidateScript({ Test-Path -LiteralPath $_ -PathType Leaf })] [string] $CertificateFile,
    [Parameter(Mandatory, ParameterSetName = 'Made')]
    [ValidatePattern('\.pfx$')] [string] $MakeCertificate,
    [Parameter(ParameterSetName = 'Made')]
    [ValidateRange(30, 730)] [int] $Days = 365,
    # Leave these out where no recordings, transcripts or attendance are wanted.
    [switch] $WithoutMeetings,
    [ValidatePattern('^[0-9a-fA-F-]{36}$|\.')] [string] $TenantId
)
Set-StrictMode -Version 1.0
$ErrorActionPreference = 'Stop'

$wanted = @('Sites.Selected')
if (-not $WithoutMeetings) {
    $wanted += 'OnlineMeetings.Read.All', 'OnlineMeetingRecording.Read.All'
    $wanted += 'OnlineMeetingTranscript.Read.All', 'OnlineMeetingArtifact.Read.All'
}

function New-Certificate([string] $Path, [string] $Subject, [int] $ForDays) {
    $key = [System.Security.Cryptography.RSA]::Create(3072)
    $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new(
        "CN=$Subject", $key, [System.Security.Cryptography.HashAlgorithmName]::SHA256,
        [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
    $now = [DateTimeOffset]::UtcNow
    $made = $request.CreateSelfSigned($now.AddMinutes(-5), $now.AddDays($ForDays))
    $password = Read-Host -AsSecureString -Prompt "Password for $Path"
    # Nobody else may read it, not even for a moment: the file first, its bytes afterwards.
    [System.IO.File]::WriteAllBytes($Path, [byte[]]::new(0))
    if (-not $IsWindows) { [System.IO.File]::SetUnixFileMode($Path, 'UserRead, UserWrite') }
    [System.IO.File]::WriteAllBytes($Path, $made.Export('Pfx', $password))
    return $made
}

function Get-PublicPart([string] $Path) {
    if (Select-String -LiteralPath $Path -Pattern 'PRIVATE KEY' -Quiet) {
        throw "$Path holds a private key. Give the public part alone; the key stays with the service."
    }
    return [System.Security.Cryptography.X509Certificates.X509Certificate2]::new(
        (Resolve-Path -LiteralPath $Path).Path)
}

$connect = @{
    Scopes       = 'Application.ReadWrite.All', 'AppRoleAssignment.ReadWrite.All'
    ContextScope = 'Process'
    NoWelcome    = $true
}
if ($TenantId) { $connect.TenantId = $TenantId }
Connect-MgGraph @connect

# ---- the app registration

$filter = [uri]::EscapeDataString("displayName eq '$($Name.Replace("'", "''"))'")
$found = @((Invoke-MgGraphRequest -Method GET -Uri "/v1.0/applications?`$filter=$filter" -OutputType PSObject).value)
if ($found.Count -gt 1) { throw "Several apps are called $Name. Choose another -Name." }
if ($found.Count -eq 1) {
    $app = $found[0]
    Write-Host "there  app $Name, client id $($app.appId)"
} else {
    if (-not $PSCmdlet.ShouldProcess("app $Name", 'register')) { return }
    $body = @{ displayName = $Name; signInAudience = 'AzureADMyOrg' } | ConvertTo-Json
    $app = Invoke-MgGraphRequest -Method POST -Uri '/v1.0/applications' -Body $body -OutputType PSObject
    Write-Host "made   app $Name, client id $($app.appId)"
}

# ---- its certificate

$made = $PSCmdlet.ParameterSetName -eq 'Made'
if ($made -and (Test-Path -LiteralPath $MakeCertificate)) {
    throw "$MakeCertificate is there already. Choose another name, or give its public part."
}
$certificate = $null
if (-not $made) {
    $certificate = Get-PublicPart $CertificateFile
} elseif ($PSCmdlet.ShouldProcess($MakeCertificate, 'make a certificate')) {
    $certificate = New-Certificate $MakeCertificate $Name $Days
    Write-Host "made   $MakeCertificate: move it to the service's machine, and delete it here"
}
if ($certificate) {
    $uri = "/v1.0/applications/$($app.id)?`$select=keyCredentials"
    $keys = @((Invoke-MgGraphRequest -Method GET -Uri $uri -OutputType PSObject).keyCredentials)
    $value = [Convert]::ToBase64String($certificate.RawData)
    $until = $certificate.NotAfter.ToString('yyyy-MM-dd')
    if ($keys | Where-Object { $_.key -eq $value }) {
        Write-Host "there  certificate, good until $until"
    } elseif ($PSCmdlet.ShouldProcess("certificate until $until", 'add beside those that are there')) {
        $keys += @{ type = 'AsymmetricX509Cert'; usage = 'Verify'; key = $value; displayName = "natverket $until" }
        $body = @{ keyCredentials = $keys } | ConvertTo-Json -Depth 5
        Invoke-MgGraphRequest -Method PATCH -Uri "/v1.0/applications/$($app.id)" -Body $body | Out-Null
        Write-Host "added  certificate, good until $until"
    }
}

# ---- the enterprise application, and consent to each permission

$filter = [uri]::EscapeDataString("appId eq '$($app.appId)'")
$found = @((Invoke-MgGraphRequest -Method GET -Uri "/v1.0/servicePrincipals?`$filter=$filter" -OutputType PSObject).value)
if ($found.Count -eq 1) {
    $principal = $found[0]
} elseif ($PSCmdlet.ShouldProcess($Name, 'make the enterprise application')) {
    $body = @{ appId = $app.appId } | ConvertTo-Json
    $principal = Invoke-MgGraphRequest -Method POST -Uri '/v1.0/servicePrincipals' -Body $body -OutputType PSObject
} else {
    return
}
$graph = Invoke-MgGraphRequest -Method GET -OutputType PSObject -Uri "/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')?`$select=id,appRoles"
$uri = "/v1.0/servicePrincipals/$($principal.id)/appRoleAssignments"
$granted = @((Invoke-MgGraphRequest -Method GET -Uri $uri -OutputType PSObject).value)

$access = @()
foreach ($permission in $wanted) {
    $role = $graph.appRoles | Where-Object { $_.value -eq $permission -and $_.allowedMemberTypes -contains 'Application' }
    $access += @{ id = $role.id; type = 'Role' }
    if ($granted | Where-Object { $_.appRoleId -eq $role.id -and $_.resourceId -eq $graph.id }) {
        Write-Host "there  $permission"
    } elseif ($PSCmdlet.ShouldProcess($permission, 'consent')) {
        $body = @{ principalId = $principal.id; resourceId = $graph.id; appRoleId = $role.id } | ConvertTo-Json
        Invoke-MgGraphRequest -Method POST -Uri $uri -Body $body | Out-Null
        Write-Host "given  $permission"
    }
}
if ($PSCmdlet.ShouldProcess($Name, 'list the permissions in the registration, where an admin sees them')) {
    $needs = @(@{ resourceAppId = '00000003-0000-0000-c000-000000000000'; resourceAccess = $access })
    $body = @{ requiredResourceAccess = $needs } | ConvertTo-Json -Depth 5
    Invoke-MgGraphRequest -Method PATCH -Uri "/v1.0/applications/$($app.id)" -Body $body | Out-Null
}

Write-Host ''
Write-Host 'For the service, and for the other scripts:'
Write-Host "  NATVERKET_TENANT_ID=$((Get-MgContext).TenantId)"
Write-Host "  NATVERKET_CLIENT_ID=$($app.appId)"
Write-Host "  object id of the enterprise application (3-mailbox.ps1): $($principal.id)"
Disconnect-MgGraph | Out-Null
