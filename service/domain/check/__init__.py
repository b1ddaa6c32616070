"""What `natverket check` says: findings, what mends each, and what runs as things stand."""

from service.domain.check.finding import Finding, Remedy, Verdict, failed, ok, unused, warning

__all__ = ["Finding", "Remedy", "Verdict", "failed", "ok", "unused", "warning"]
