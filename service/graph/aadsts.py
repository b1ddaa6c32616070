"""
What Entra ID's refusals mean for whoever administers this: the reason, and the click or setting.

https://learn.microsoft.com/entra/identity-platform/reference-error-codes; those of federation
also https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
"""

import re
from collections.abc import Mapping
from typing import Any

from service.errors import SignInRefused, TenantError, TenantFailed

PASSING = frozenset({"temporarily_unavailable", "server_error", "too_many_requests"})
"""What Entra ID calls failures that pass."""
PASSING_CODES = frozenset({90033, 90090, 90091, 50196})
"""Its own trouble, told as a refusal; 50196: asked too often for the same."""

Word = tuple[str, str]

_AADSTS = re.compile(r"\bAADSTS(\d+)")

_APP = "Entra ID > App registrations > the app"
_SECRET = f"{_APP} > Certificates & secrets > New client secret"
_UPLOAD = f"{_APP} > Certificates & secrets > Certificates"
_FEDERATED = f"{_APP} > Certificates & secrets > Federated credentials"
_POLICY = "Entra ID > Protection > Conditional Access"
_LOGS = "Entra ID > Monitoring > Sign-in logs (service principal sign-ins)"
_ENTERPRISE = "Entra ID > Enterprise applications > the app"

_TOKENS = "NATVERKET_FEDERATED_TOKEN_FILE"
_BLOCKED = (
    "A conditional access policy blocks the app.",
    f"{_LOGS} names the policy; in {_POLICY}, let the app in from this machine's address "
    "(a policy for workload identities).",
)
_CLAIM_UNLIKE = (
    f"Make the two alike, letter by letter, in {_FEDERATED}: the token in {_TOKENS} says its "
    "own iss, sub and aud in its middle part."
)
_NO_FORM = (
    "The certificate's signature or the token is malformed.",
    "Check that the file in NATVERKET_CLIENT_CERTIFICATE_FILE or NATVERKET_FEDERATED_TOKEN_FILE "
    "is whole.",
)

OF_APPS: dict[int, Word] = {
    # ---- secrets
    7000215: (
        "The client secret is wrong.",
        "Copy the secret's value (not its id) again into NATVERKET_CLIENT_SECRET. Is it shown no "
        f"more: {_SECRET}. Where a policy forbids secrets, use a certificate: "
        "NATVERKET_CLIENT_CERTIFICATE_FILE.",
    ),
    7000222: (
        "The client secret has expired.",
        f"{_SECRET}, and its value into NATVERKET_CLIENT_SECRET. Where the portal refuses ('not "
        "allowed as per assigned policy'), the tenant forbids secrets: upload a certificate in "
        "the same place and set NATVERKET_CLIENT_CERTIFICATE_FILE.",
    ),
    7000216: (
        "The app gave neither secret nor certificate.",
        "Set NATVERKET_CLIENT_SECRET or NATVERKET_CLIENT_CERTIFICATE_FILE.",
    ),
    7000218: (
        "The app gave neither secret nor certificate.",
        "Set NATVERKET_CLIENT_SECRET or NATVERKET_CLIENT_CERTIFICATE_FILE.",
    ),
    # ---- certificates
    700027: (
        "The certificate is not one of the app's, or has ended.",
        f"Upload its public part ({_UPLOAD} > Upload certificate), or check "
        "NATVERKET_CLIENT_CERTIFICATE_FILE.",
    ),
    700024: (
        "The sign-in assertion is outside its time.",
        "Set the clock of this machine (timedatectl); with a federated token: whoever writes "
        f"{_TOKENS} has stopped renewing it.",
    ),
    700021: (
        "The signed assertion is another app's.",
        "Check NATVERKET_CLIENT_ID: it must be the app whose certificate or token this is.",
    ),
    700023: (
        "The signed assertion is meant for another tenant or cloud.",
        "Check NATVERKET_TENANT_ID, NATVERKET_CLOUD and NATVERKET_AUTHORITY_URL.",
    ),
    50027: _NO_FORM,
    700030: (
        "The certificate's subject is not the one that the app demands.",
        "Check NATVERKET_CLIENT_CERTIFICATE_FILE: it must be issued to the name that the app's "
        "registration trusts.",
    ),
    # ---- another issuer's token
    70021: (
        "The app trusts no other issuer.",
        f"{_FEDERATED} > Add credential, with the issuer, subject and audience of the token in "
        f"{_TOKENS}.",
    ),
    700211: ("The app does not trust the token's issuer (iss).", _CLAIM_UNLIKE),
    700212: (
        "The app does not trust the token's audience (aud).",
        f"{_CLAIM_UNLIKE} Usual is api://AzureADTokenExchange.",
    ),
    700213: ("The app does not trust the token's subject (sub).", _CLAIM_UNLIKE),
    7002381: (
        "A policy of the tenant demands a claim that the issuer's token lacks.",
        "Let whoever writes the policy for federated credentials of applications look at it, or "
        "have the issuer send the claim.",
    ),
    50013: (
        "The token's signature does not hold: its issuer has other keys.",
        f"Check that the issuer named in {_FEDERATED} publishes its keys at "
        "/.well-known/openid-configuration, reachable from the internet, and that "
        f"{_TOKENS} holds a token of today.",
    ),
    # ---- the app
    700016: (
        "The app is not known in this tenant.",
        "Check NATVERKET_CLIENT_ID (the application's id, not the object's), and that the app is "
        "registered in the tenant of NATVERKET_TENANT_ID.",
    ),
    7000229: (
        "The app is registered, but has no enterprise application in this tenant.",
        f"{_APP} > API permissions > Grant admin consent makes it; or New-MgServicePrincipal "
        "-AppId <NATVERKET_CLIENT_ID>.",
    ),
    7000112: (
        "The app is disabled in this tenant.",
        f"{_ENTERPRISE} > Properties > Enabled for users to sign in: Yes.",
    ),
    7000114: (
        "The app is not allowed to act for somebody else.",
        "NATVERKET_CLIENT_ID must be the service's own registration, used by nothing else.",
    ),
    700025: (
        "The app is registered as a public client only, and takes no secret.",
        f"{_APP} > Authentication: take the Web or client-credentials use up again, or register "
        "an app of its own for NATVERKET_CLIENT_ID.",
    ),
    50105: (
        "The app or account is not assigned to the enterprise application.",
        f"{_ENTERPRISE} > Users and groups > Add; or Properties > Assignment required: No.",
    ),
    65001: (
        "Nobody has consented to what the app asks for.",
        f"{_APP} > API permissions > Grant admin consent.",
    ),
    500011: (
        "Microsoft Graph is not known there under this name: the cloud is another one.",
        "Check NATVERKET_CLOUD and NATVERKET_GRAPH_URL.",
    ),
    900382: (
        "The app belongs to another cloud than the one that was asked.",
        "Set NATVERKET_CLOUD to the tenant's cloud, or check NATVERKET_AUTHORITY_URL.",
    ),
    # ---- the tenant
    90002: (
        "The tenant is not known.",
        "Check NATVERKET_TENANT_ID, and NATVERKET_CLOUD where it is in a national cloud.",
    ),
    900023: ("The tenant's id is neither an id nor a domain.", "Check NATVERKET_TENANT_ID."),
    50194: (
        "The app may sign in at its own tenant only.",
        "Set NATVERKET_TENANT_ID to the tenant's id or domain, not to common.",
    ),
    50034: ("The account is not known.", "Check NATVERKET_CLIENT_ID."),
    # ---- policies
    53003: _BLOCKED,
    530032: (
        "A security policy of the tenant blocks the sign-in.",
        f"{_LOGS} names it; let whoever sets the tenant's security policies exempt the app.",
    ),
    530003: (
        "A policy asks for a managed device, which a service has not.",
        f"In {_POLICY}, take the app (or the account) out of the policy that demands a device.",
    ),
    53000: (
        "A policy asks for a compliant device, which a service has not.",
        f"In {_POLICY}, take the app (or the account) out of the policy that demands a device.",
    ),
    53001: (
        "A policy asks for a device of the domain, which a service has not.",
        f"In {_POLICY}, take the app (or the account) out of the policy that demands a device.",
    ),
}

AGAIN = "Run `natverket login`."
_CONSENT = (
    "The app lacks a consent that only an administrator can give.",
    "Let an administrator consent to the delegated permissions ChannelMessage.Send and "
    "ChannelMessage.ReadWrite (and TeamworkTag.Read where tags are mentioned) for the app in "
    f"Entra ID: {_APP} > API permissions > Grant admin consent; then run `natverket login`.",
)
_FACTOR = ("A second factor is asked for, or asked for again.", AGAIN)
_PUBLIC = (
    "The app may not sign people in from here.",
    f"{_APP} > Authentication: add the platform 'Mobile and desktop applications' with "
    "http://localhost, and turn 'Allow public client flows' on.",
)
_DEVICE_CODE = (
    "A policy takes no sign-in that was begun by a device code.",
    "Run `natverket login` where there is a browser, without --device; or have the account left "
    f"out in {_POLICY} > the policy > Conditions > Authentication flows.",
)
# https://learn.microsoft.com/entra/identity/conditional-access/policy-block-authentication-flows

OF_PEOPLE: dict[int, Word] = {
    700082: ("The sign-in has lapsed: it was not used for 90 days.", AGAIN),
    70043: ("The sign-in has lapsed by the tenant's sign-in frequency.", AGAIN),
    70008: ("The sign-in, or the code for it, has lapsed.", AGAIN),
    50173: ("The account's password was changed, or its sign-ins were revoked.", AGAIN),
    50076: _FACTOR,
    50078: _FACTOR,
    50079: (
        "A second factor is asked for, and the account has none yet.",
        "Register one for it at https://aka.ms/mfasetup, then run `natverket login`.",
    ),
    50158: ("A second factor of another provider is asked for.", AGAIN),
    65001: _CONSENT,
    90094: _CONSENT,
    65004: ("Consent was declined.", AGAIN),
    50034: ("The account is not there any more.", "Sign in another: `natverket login`."),
    50053: (
        "The account is locked after too many wrong tries, or from an address of ill repute.",
        "Wait, or let an administrator unlock it (Entra ID > Users > the account); then run "
        "`natverket login`.",
    ),
    50057: ("The account is disabled.", "Let an administrator enable it, or sign in another."),
    50126: ("Name or password is wrong.", AGAIN),
    16000: (
        "The account is not one of this tenant's, or several are signed in.",
        "Run `natverket login` in a private window, with an account of the tenant in "
        "NATVERKET_TENANT_ID.",
    ),
    53003: (
        "A conditional access policy blocks this sign-in.",
        "Let an administrator allow the account from this machine's address "
        f"({_POLICY}); if device codes are what is blocked, run `natverket login` where there is a "
        "browser, without --device.",
    ),
    530033: _DEVICE_CODE,
    530036: _DEVICE_CODE,
    50011: _PUBLIC,
    7000218: _PUBLIC,
    70020: ("The code was not typed in time.", AGAIN),
}


def refusal(
    subject: str, answer: Mapping[str, Any], words: Mapping[int, Word], otherwise: str
) -> TenantError:
    """
    Turn what Entra ID answered into an error that says what to do.

    `words` are those for whoever signs in; `otherwise` is the remedy for a code without any.
    """
    said = str(answer.get("error_description") or answer.get("error") or "no reason given")
    # What comes back from a browser, or through a host in Azure, has its code in the words alone.
    codes = [int(code) for code in answer.get("error_codes") or _AADSTS.findall(said)]
    trace = answer.get("correlation_id") or "none"
    for code in codes:
        if code in words:
            reason, remedy = words[code]
            told = f"{reason} (AADSTS{code}, correlation id {trace})"
            return SignInRefused(subject, told, remedy=remedy)
    reason = f"{said.splitlines()[0]} (correlation id {trace})"
    if answer.get("error") in PASSING or PASSING_CODES & set(codes):
        return TenantFailed(subject, reason)
    return SignInRefused(subject, reason, remedy=otherwise)
