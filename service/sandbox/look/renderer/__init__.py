"""
Microsoft's own card renderer, brought in from npm when the package is built.

Nothing of it is kept in the tree: `build.py` fetches what `package-lock.json` names, hashes
checked, and lays what a browser needs into `look/built/`, which goes into the wheel.
"""
