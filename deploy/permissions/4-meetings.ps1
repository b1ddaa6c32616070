#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'MicrosoftTeams'; ModuleVersion = '6.6.0' }
<#
.SYNOPSIS
Lets the service read recordings, transcripts and attendance of the named organisers' meetings.
.DESCRIPTION
Run by: Teams Administrator.
Without it the permissions that 1-app.ps1 gave open no meeting at all. An organiser has one such
policy: one who has another's is told of and left, unless -UseTheirPolicy, which adds the service
to that policy, and so for everybody who has it. It can take half an hour to work.
.EXAMPLE
./4-meetings.ps1 -ClientId 00000000-0000-0000-0000-000000000000 -Organiser anna.exempel@kommun.example, bo.exempel@kommun.example
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [guid] $ClientId,
    [Parameter(Mandatory)] [ValidatePattern('^[^@\s]+@[^@\s]+$')] [string[]] $Organiser,
    [ValidatePattern('^[A-Za-z0-9-]{1,40}$')] [string] $PolicyName = 'natverket',
    [switch] $UseTheirPolicy
)
Set-StrictMode -Version 1.0
$ErrorActionPreference = 'Stop'

function Add-AppToPolicy([string] $Name) {
    $policy = Get-CsApplicationAccessPolicy -Identity $Name
    if (@($policy.AppIds) -contains "$ClientId") {
        Write-Host "there  policy $Name names the service"
    } elseif ($PSCmdlet.ShouldProcess("policy $Name", 'add the service')) {
        Set-CsApplicationAccessPolicy -Identity $Name -AppIds @{ Add = "$ClientId" }
        Write-Host "added  the service to policy $Name"
    }
}

Connect-MicrosoftTeams | Out-Null

if (Get-CsApplicationAccessPolicy -Identity $PolicyName -ErrorAction SilentlyContinue) {
    Add-AppToPolicy $PolicyName
} elseif ($PSCmdlet.ShouldProcess("policy $PolicyName", 'make')) {
    New-CsApplicationAccessPolicy -Identity $PolicyName -AppIds "$ClientId" -Description 'Nätverket' | Out-Null
    Write-Host "made   policy $PolicyName"
}

$left = @()
foreach ($address in $Organiser) {
    $person = Get-CsOnlineUser -Identity $address
    $has = "$($person.ApplicationAccessPolicy)" -replace '^Tag:', ''
    if ($has -eq $PolicyName) {
        Write-Host "there  $address"
    } elseif ($has -and $UseTheirPolicy) {
        Add-AppToPolicy $has
    } elseif ($has) {
        $left += "$address has the policy $has"
    } elseif ($PSCmdlet.ShouldProcess($address, "grant the policy $PolicyName")) {
        Grant-CsApplicationAccessPolicy -Identity $address -PolicyName $PolicyName
        Write-Host "given  $address"
    }
}
Disconnect-MicrosoftTeams
if ($left) {
    Write-Warning "Left as they are, since one policy would replace the other: $($left -join '; '). Run again with -UseTheirPolicy to add the service to those policies."
}
