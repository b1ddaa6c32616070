#Requires -Version 7.4
#Requires -Modules @{ ModuleName = 'PnP.PowerShell'; ModuleVersion = '3.1.0' }
<#
.SYNOPSIS
Closes the coordinators' library to members, lets members read the other, and shows its columns.
.DESCRIPTION
Run by: an owner of the site, after `natverket provision`. Graph gives no app the means to it.
Looks first, and takes away only what the groups of members and visitors have in the two
libraries; owners keep all. Names of groups and roles are read from the site, in its language.
Run it with -WhatIf first. `natverket check` proves the outcome.
.EXAMPLE
./7-libraries.ps1 -Site https://kommun.sharepoint.com/sites/natverket -PnPClientId 33333333-3333-3333-3333-333333333333 -Coordinator anna.exempel@kommun.example
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [Parameter(Mandatory)] [ValidatePattern('^https://[^/]+/.+$')] [string] $Site,
    # Register-PnPEntraIDAppForInteractiveLogin makes that app once, and prints its id.
    [Parameter(Mandatory)] [guid] $PnPClientId,
    [ValidateNotNullOrEmpty()] [string] $Documentation = 'Dokumentation',
    [ValidateNotNullOrEmpty()] [string] $Coordination = 'Samordning',
    # Coordinators who do not own the site.
    [ValidatePattern('^[^@\s]+@[^@\s]+$')] [string[]] $Coordinator = @(),
    [ValidateNotNullOrEmpty()] [string] $View = 'Per möte'
)
Set-StrictMode -Version 1.0
$ErrorActionPreference = 'Stop'

Connect-PnPOnline -Url $Site -Interactive -ClientId "$PnPClientId"
$members = Get-PnPGroup -AssociatedMemberGroup
$visitors = Get-PnPGroup -AssociatedVisitorGroup
$roles = Get-PnPRoleDefinition
$reads = ($roles | Where-Object { "$($_.RoleTypeKind)" -eq 'Reader' } | Select-Object -First 1).Name
$edits = ($roles | Where-Object { "$($_.RoleTypeKind)" -eq 'Editor' } | Select-Object -First 1).Name

function Set-GroupRole([string] $Library, [object] $Group, [string] $Role) {
    $has = @(Get-PnPListPermissions -Identity $Library -PrincipalId $Group.Id -ErrorAction SilentlyContinue | ForEach-Object { $_.Name })
    if ($Role -and $has -notcontains $Role) {
        if ($PSCmdlet.ShouldProcess($Library, "give $($Group.Title) the role $Role")) {
            Set-PnPListPermission -Identity $Library -Group $Group -AddRole $Role
        }
    }
    foreach ($other in $has | Where-Object { $_ -ne $Role }) {
        if ($PSCmdlet.ShouldProcess($Library, "take the role $other from $($Group.Title)")) {
            Set-PnPListPermission -Identity $Library -Group $Group -RemoveRole $other
        }
    }
    Write-Host "       $($Group.Title): $(if ($Role) { $Role } else { 'nothing' })"
}

foreach ($library in $Coordination, $Documentation) {
    $list = Get-PnPList -Identity $library -Includes HasUniqueRoleAssignments -ThrowExceptionIfListNotFound
    if ($list.HasUniqueRoleAssignments) {
        Write-Host "there  rights of its own: $library"
    } elseif ($PSCmdlet.ShouldProcess($library, 'stop inheriting rights, and keep a copy of them')) {
        Set-PnPList -Identity $library -BreakRoleInheritance -CopyRoleAssignments | Out-Null
        Write-Host "made   rights of its own: $library"
    }
    $role = if ($library -eq $Documentation) { $reads } else { '' }
    Set-GroupRole $library $members $role
    Set-GroupRole $library $visitors $role
    foreach ($person in $Coordinator) {
        if ($PSCmdlet.ShouldProcess($library, "give $person the role $edits")) {
            Set-PnPListPermission -Identity $library -User $person -AddRole $edits
            Write-Host "       ${person}: $edits"
        }
    }
}

if (Get-PnPView -List $Documentation | Where-Object { $_.Title -eq $View }) {
    Write-Host "there  view $View"
} elseif ($PSCmdlet.ShouldProcess($Documentation, "make the view $View, and show it first")) {
    $query = "<OrderBy><FieldRef Name='NvMeetingDate' Ascending='FALSE'/></OrderBy>"
    Add-PnPView -List $Documentation -Title $View -Query $query -SetAsDefault -Paged -Fields 'DocIcon', 'LinkFilename', 'NvMeeting', 'NvMeetingDate', 'NvGroups', 'NvType' | Out-Null
    Write-Host "made   view $View"
}
Disconnect-PnPOnline
