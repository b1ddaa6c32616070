"""The sandbox's own interface: clock, log, faults, limits, people's acts, a look inside."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from service.sandbox import acting
from service.sandbox.decoding import MalformedError
from service.sandbox.entra.identity import register_certificate
from service.sandbox.every_switch import ALL
from service.sandbox.journal import Journal
from service.sandbox.sharepoint import library
from service.sandbox.sharepoint.names import name_key
from service.sandbox.store import Row
from service.sandbox.story import BackwardsError, Story
from service.sandbox.teams.runs import history
from service.sandbox.tenant import Tenant
from service.sandbox.trouble import script
from service.sandbox.trouble.faults import Faults
from service.sandbox.trouble.limits import Limits
from service.sandbox.trouble.stale import Past
from service.sandbox.wire import Answer, GraphError, Json, moment


class Control:
    """No token is asked for: the listeners are on loopback only."""

    def __init__(  # noqa: PLR0913 - everything that can be looked at or changed
        self,
        tenant: Tenant,
        story: Story,
        journal: Journal,
        faults: Faults,
        limits: Limits,
        past: Past,
    ) -> None:
        self.tenant = tenant
        self.story = story
        self.journal = journal
        self.faults = faults
        self.limits = limits
        self.past = past

    def answer(self, method: str, path: str, query: Mapping[str, str], body: bytes) -> Answer:
        name = path.removeprefix("/_sandbox/").strip("/")
        handler = {
            ("GET", "clock"): self._clock,
            ("POST", "clock"): self._advance,
            ("GET", "requests"): self._requests,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._script,
            ("DELETE", "faults"): self._forget,
            ("GET", "settings"): self._settings,
            ("POST", "settings"): self._settings,
            ("GET", "act"): self._acts,
            ("POST", "act"): self._act,
            ("POST", "certificates"): self._certificate,
            ("GET", "tree"): self._tree,
            ("GET", "flows"): self._flows,
            ("GET", "waiting"): self._waiting,
        }.get((method, name))
        if handler is None:
            return Answer(status=404, body={"error": f"No {method} /_sandbox/{name}."})
        try:
            with self.tenant.store.transaction():
                return handler(query, _table(body))
        except acting.NotThereError as error:
            return Answer(status=409, body={"error": str(error), "now": self._now()})
        except BackwardsError as error:
            return Answer(status=409, body={"error": str(error), "now": self._now()})
        except MalformedError as error:
            return Answer(status=400, body={"error": str(error)})
        except (ValueError, KeyError, TypeError, GraphError) as error:
            return Answer(status=400, body={"error": f"{type(error).__name__}: {error}"})

    def _now(self) -> str:
        return self.tenant.clock.now.isoformat().replace("+00:00", "Z")

    def _clock(self, _query: Mapping[str, str], _body: Json) -> Answer:
        return Answer(body={"now": self._now()})

    def _advance(self, _query: Mapping[str, str], body: Json) -> Answer:
        to: datetime = moment(str(body["now"]))
        with self.past.handling() as written:
            happened = self.story.advance(to)
            if happened:
                written()
        return Answer(body={"now": self._now(), "acts": happened})

    def _requests(self, query: Mapping[str, str], _body: Json) -> Answer:
        if query.get("unknown") == "1":
            return Answer(body={"value": self.journal.unknown()})
        number = int(query.get("since", "0"))
        return Answer(body=self.journal.since(number, summary=query.get("summary") == "1"))

    def _faults(self, _query: Mapping[str, str], _body: Json) -> Answer:
        told = [armed.told() for armed in self.faults.armed]
        return Answer(body={"left": self.faults.left, "value": told})

    def _script(self, _query: Mapping[str, str], body: Json) -> Answer:
        """One fault, or several as `fault`, as in a script file."""
        several = body.get("fault")
        tables = several if isinstance(several, list) else [body]
        self.faults.add(*[script.parse(table) for table in tables])
        self.past.arm()
        return Answer(status=201, body={"left": self.faults.left})

    def _forget(self, _query: Mapping[str, str], _body: Json) -> Answer:
        self.faults.clear()
        self.past.forget()
        return Answer(status=204)

    def _settings(self, _query: Mapping[str, str], body: Json) -> Answer:
        """Limits by name (number or null), and switches by name; all or none."""
        numbers = self.limits.numbers()
        for name in body:
            if name not in numbers and name not in ALL:
                raise ValueError(
                    f"There is no setting {name}. There are {', '.join([*numbers, *ALL])}."
                )
        for name in body.keys() & ALL.keys():
            ALL[name].set(self.tenant, str(body[name]))
        for name in body.keys() & numbers.keys():
            self.limits.set(name, body[name])
        self.limits.forget()
        switches = {name: switch.read(self.tenant) for name, switch in ALL.items()}
        return Answer(body={**self.limits.numbers(), **switches})

    def _acts(self, _query: Mapping[str, str], _body: Json) -> Answer:
        return Answer(body={"value": acting.known()})

    def _act(self, _query: Mapping[str, str], body: Json) -> Answer:
        """What a person does, now: `act` and the fields of that act."""
        act = acting.read(body, now=self.tenant.clock.now)
        with self.past.handling() as written:
            acting.carry_out(self.tenant, act)
            written()
        return Answer(status=201, body={"act": type(act).__name__, "at": act.at.isoformat()})

    def _certificate(self, _query: Mapping[str, str], body: Json) -> Answer:
        """`client_id` and `pem`: the app may sign in with this certificate from now on."""
        thumbprint = register_certificate(self.tenant, body["client_id"], body["pem"])
        return Answer(status=201, body={"x5t#S256": thumbprint})

    def _flows(self, query: Mapping[str, str], _body: Json) -> Answer:
        """The run history of every flow, or of `flow`."""
        return Answer(body={"value": history(self.tenant, query.get("flow"))})

    def _waiting(self, _query: Mapping[str, str], _body: Json) -> Answer:
        acts = [
            {"type": type(act).__name__, "at": act.at.isoformat()} for act in self.story.waiting()
        ]
        return Answer(body={"value": acts})

    def _tree(self, query: Mapping[str, str], _body: Json) -> Answer:
        store = self.tenant.store
        lists = store.all("SELECT * FROM lists WHERE drive IS NOT NULL ORDER BY rowid")
        wanted = query.get("drive")
        found = [r for r in lists if wanted is None or r["name_key"] == name_key(wanted)]
        return Answer(
            body={
                "value": [
                    {
                        "drive": row["name"],
                        "children": self._below(library.root_of(self.tenant, row["id"])),
                    }
                    for row in found
                ]
            }
        )

    def _below(self, folder: Row) -> list[Json]:
        return [
            {
                "name": row["name"],
                "id": row["id"],
                **({"size": row["size"]} if row["kind"] == "file" else {}),
                **({"children": self._below(row)} if row["kind"] == "folder" else {}),
                "fields": msgspec.json.decode(row["fields"]),
                "modified_by": row["modified_by"],
            }
            for row in self.tenant.store.all(
                "SELECT * FROM items WHERE parent = ? AND deleted = 0 ORDER BY name_key",
                folder["id"],
            )
        ]


def _table(body: bytes) -> Json:
    value = msgspec.json.decode(body) if body else {}
    if not isinstance(value, dict):
        raise TypeError("the body has to be a JSON object")
    return value
