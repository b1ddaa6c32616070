"""Misbehaviour on script, and limits."""
