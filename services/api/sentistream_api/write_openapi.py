"""`python -m sentistream_api.write_openapi FILE` writes the OpenAPI document, `--check` fails if it is not current."""

from sentistream_api.app import create_app
from sentistream_api.generated import write_or_check
from sentistream_api.settings import ApiSettings


def main() -> None:
    write_or_check(
        lambda: create_app(ApiSettings(dashboard_dir=None)).openapi(),
        program="python -m sentistream_api.write_openapi",
        description="Writes the OpenAPI document of this API.",
    )


if __name__ == "__main__":
    main()
