"""Alerts: from an entry of the trail over rules to channels, once an event. Outside sends are rows first, sent by a sender a channel."""
