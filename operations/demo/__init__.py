"""The demo: the sandbox in place of DolphinScheduler, people and their stories, told by the same verbs that the pages call."""
