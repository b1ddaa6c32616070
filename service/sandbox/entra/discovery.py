"""The documents in which the sign-in service tells where it is and with what it signs."""

from service.sandbox.entra.grants import SHARED
from service.sandbox.entra.refusals import no_tenant, refusal
from service.sandbox.tenant import Tenant
from service.sandbox.wire import Answer, Json


def configuration(tenant: Tenant, name: str, base: str) -> Answer:
    """OpenID Connect's discovery document, of the tenant or of them all."""
    world = tenant.world
    shared = name.casefold() in SHARED
    if not shared and name.casefold() not in (world.tenant_id.casefold(), world.domain.casefold()):
        return refusal(no_tenant(name))
    # Entra's own words for "whichever tenant it turns out to be".
    issuer = "{tenantid}" if shared else world.tenant_id
    return Answer(
        body={
            "token_endpoint": f"{base}/{name}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": [
                "client_secret_post",
                "private_key_jwt",
                "client_secret_basic",
            ],
            "jwks_uri": f"{base}/{name}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": f"{base}/{issuer}/v2.0",
            "authorization_endpoint": f"{base}/{name}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{base}/{name}/oauth2/v2.0/devicecode",
            "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "name", "oid", "tid"],
            "tenant_region_scope": None if shared else "EU",
            "cloud_instance_name": "localhost",
            "msgraph_host": base.partition("//")[2],
        }
    )


def instance(tenant: Tenant, base: str, endpoint: str) -> Json:
    """Which names the sign-in service has; `endpoint` is the one that the client means."""
    host = base.partition("//")[2]
    name = endpoint.split("/")[3] if endpoint.count("/") > 3 else tenant.world.tenant_id
    return {
        "tenant_discovery_endpoint": f"{base}/{name}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }
