"""Sites for tests under load: the same as browsers visit."""

import pytest

from tests.browser.site import Prepared, prepare, shared_folder


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return prepare(shared_folder(tmp_path_factory))
