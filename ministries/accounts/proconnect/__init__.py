"""Signing in with ProConnect, the State's federation of identities: OpenID Connect, with a signed userinfo.

Authlib runs the flow (state, nonce, PKCE, identity token, its issuer, audience, age and key) and joserfc, on which it
stands, reads the one thing it doesn't: the userinfo that ProConnect signs. mozilla-django-oidc and DINUM's
django-lasuite, which extends it, were read first: they check neither audience nor issuer, take an unsigned userinfo as
well, make accounts by themselves, and write the provider's answers in the messages of their errors.

``transport`` asks, ``openid`` verifies, ``refusals`` says why not, ``binding`` says who, ``views`` let in and out.
"""
