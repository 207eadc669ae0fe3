from knox.auth import TokenAuthentication
from rest_framework import authentication


class ServiceTokenAuthentication(TokenAuthentication):
    pass


class SessionAuthentication(authentication.SessionAuthentication):
    pass
