"""Folders of a mailbox that lie in others."""

from tests.sandbox import outlook, worlds
from tests.sandbox.conftest import Client

BOX = f"/users/{worlds.BOX.mail}"


def test_folders_lie_in_folders(tmp_path):
    """By childFolders of the root, of a well-known one and of one that somebody made."""
    with outlook.running("nested", tmp_path) as other:
        client = Client(other, worlds.POSTMAN)
        client.advance("2023-01-02T00:00:00Z")

        def below(folder):
            url = f"{BOX}/mailFolders/{folder}/childFolders?$top=50"
            return {f["displayName"]: f for f in client.get(url)["value"]}

        assert {"Inkorgen", "Arkiv", "Underlag"} <= set(below("msgfolderroot"))
        inbox = client.get(f"{BOX}/mailFolders/inbox")
        assert (inbox["childFolderCount"], inbox["displayName"]) == (1, "Inkorgen")
        material = below("inbox")["Material"]
        assert material["parentFolderId"] == inbox["id"]
        assert material["childFolderCount"] == 1
        deepest = below(material["id"])["2023"]
        letters = client.get(f"{BOX}/mailFolders/{deepest['id']}/messages")["value"]
        assert [letter["subject"] for letter in letters] == ["Långt ner"]
        root = client.get(f"{BOX}/mailFolders/msgfolderroot")
        assert below("msgfolderroot")["Underlag"]["parentFolderId"] == root["id"]
        client.close()
