#!/bin/sh
# What mysqlclient and python-ldap are built with, and gettext for the translations: Debian's packages, only those that are missing.
set -e
missing=""
for package in default-libmysqlclient-dev libldap2-dev libsasl2-dev pkg-config build-essential python3-dev python3-venv gettext; do
  dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
if [ -n "$missing" ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -q -y --no-install-recommends $missing
fi
