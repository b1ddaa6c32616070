#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'ExchangeOnlineManagement'; ModuleVersion = '3.4.0' }
<#
.SYNOPSIS
Lets the service read the calendar of the network mailbox, and of no other mailbox.
.DESCRIPTION
Run by: Exchange Administrator who is a member of Organization Management.
Looks first, and leaves what is there. Give nothing in Entra beside it: `Calendars.Read` or
`Mail.Send` there open every mailbox, whatever the scope here. It can take two hours to work.
.EXAMPLE
./3-mailbox.ps1 -ClientId 00000000-0000-0000-0000-000000000000 -EnterpriseAppObjectId 11111111-1111-1111-1111-111111111111 -Mailbox natverket@kommun.example
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [guid] $ClientId,
    # As 1-app.ps1 prints it: Entra > Enterprise applications, not App registrations.
    [Parameter(Mandatory)] [guid] $EnterpriseAppObjectId,
    [Parameter(Mandatory)] [ValidatePattern('^[^@\s'']+@[^@\s'']+$')] [string[]] $Mailbox,
    [ValidatePattern('^[A-Za-z0-9-]{1,40}$')] [string] $ScopeName = 'natverket',
    # A mail folder as a source of files, or proof in Sent Items that a mail went.
    [switch] $ReadMail,
    # Posts by mail.
    [switch] $SendMail,
    # Posts as drafts that a person sends.
    [switch] $DraftMail
)
Set-StrictMode -Version 1.0
$ErrorActionPreference = 'Stop'

$roles = @('Application Calendars.Read')
if ($ReadMail) { $roles += 'Application Mail.Read' }
if ($SendMail) { $roles += 'Application Mail.Send' }
if ($DraftMail) { $roles += 'Application Mail.ReadWrite' }
$filter = ($Mailbox | ForEach-Object { "PrimarySmtpAddress -eq '$_'" }) -join ' -or '

Connect-ExchangeOnline -ShowBanner:$false

foreach ($address in $Mailbox) {
    $there = Get-EXOMailbox -PrimarySmtpAddress $address
    Write-Host "there  mailbox $($there.PrimarySmtpAddress), $($there.RecipientTypeDetails)"
}

if (Get-ServicePrincipal -Identity "$ClientId" -ErrorAction SilentlyContinue) {
    Write-Host "there  service principal $ClientId"
} elseif ($PSCmdlet.ShouldProcess("$ClientId", 'make Exchange know the app')) {
    New-ServicePrincipal -AppId "$ClientId" -ObjectId "$EnterpriseAppObjectId" -DisplayName 'Nätverket' | Out-Null
    Write-Host "made   service principal $ClientId"
}

$scope = Get-ManagementScope -Identity $ScopeName -ErrorAction SilentlyContinue
if ($scope) {
    Write-Host "there  scope ${ScopeName}: $($scope.RecipientFilter)"
    foreach ($address in $Mailbox) {
        if ("$($scope.RecipientFilter)" -notlike "*'$address'*") {
            throw "The scope $ScopeName does not name $address. Choose another -ScopeName, or have that one changed."
        }
    }
} elseif ($PSCmdlet.ShouldProcess($ScopeName, "make a scope of: $filter")) {
    New-ManagementScope -Name $ScopeName -RecipientRestrictionFilter $filter | Out-Null
    Write-Host "made   scope ${ScopeName}: $filter"
}

foreach ($role in $roles) {
    $name = "$ScopeName $role"
    if (Get-ManagementRoleAssignment -Identity $name -ErrorAction SilentlyContinue) {
        Write-Host "there  $role"
    } elseif ($PSCmdlet.ShouldProcess($role, "assign within $ScopeName")) {
        New-ManagementRoleAssignment -Name $name -App "$ClientId" -Role $role -CustomResourceScope $ScopeName | Out-Null
        Write-Host "given  $role within $ScopeName"
    }
}

if (-not $WhatIfPreference) {
    # InScope must be True for each of them. This answers at once; the grant works later.
    foreach ($address in $Mailbox) {
        $now = Test-ServicePrincipalAuthorization -Identity "$ClientId" -Resource $address
        $now | Format-Table -Property 'RoleName', 'AllowedResourceScope', 'InScope'
    }
}
Disconnect-ExchangeOnline -Confirm:$false
