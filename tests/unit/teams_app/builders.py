"""An app to build, and the words to build it with."""

import tomllib

from service.render.teams_app import Developer, TeamsApp
from service.render.texts import Texts, texts_from
from service.shipped import shipped

CLIENT_ID = "5f0c6d1e-8a3b-4c2d-9e1f-0a1b2c3d4e5f"
BOT_ID = "77777777-aaaa-4000-8000-000000000007"
APP = TeamsApp(
    client_id=CLIENT_ID,
    network="Kommunnätverket för hållbar utveckling",
    version="0.1.0",
    developer=Developer(
        name="Exempelkommun",
        website="https://kommun.example/natverket",
        privacy="https://kommun.example/integritet",
        terms="https://kommun.example/villkor",
    ),
)


def words(language: str = "sv") -> Texts:
    text = shipped("texts", f"{language}.toml").read_text(encoding="utf-8")
    return texts_from(tomllib.loads(text), language=language, time_zone="Europe/Stockholm")
