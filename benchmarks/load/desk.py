"""`python -m benchmarks.load.desk`: the desk as `tre up` serves it, with a stand-in for the hub."""

from tre.config import Config
from tre.desk.__main__ import serve
from tre.desk.sign_in import FakeSignIn

if __name__ == "__main__":
    config = Config.load()
    serve(config, FakeSignIn(config))
