"""Values inside a PowerShell command."""


def quoted(value: str) -> str:
    """Quote a value so that PowerShell takes it as it stands."""
    return "'" + value.replace("'", "''") + "'"
