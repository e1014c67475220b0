from unittest import mock

@mock.patch("app.clock.now")
def read(now):
    return now
