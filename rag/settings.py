"""Every setting in one place: arguments first, then WENBAO_* in the environment, then <home>/wenbao.toml."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from index.embedders import API_KEY
from index.errors import SettingsError

PREFIX = "WENBAO_"
FILE = "wenbao.toml"
# What pydantic says of a value, in the words of the person who typed it.
COMPLAINTS = {
    "literal_error": "只能是 {expected}",
    "int_parsing": "应是整数",
    "int_type": "应是整数",
    "string_type": "应是文字",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
}


class Settings(BaseSettings):
    """What a deployment can choose.  Build it with `Settings.load`, which turns every mistake into a SettingsError."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    home: Path = Field(default=Path("var"), description="索引、模型和设置所在的文件夹")
    engine: Literal["extractive"] = Field(default="extractive", description="作答方式：extractive，摘取原文")
    embedder: str = Field(default="default", description="向量模型：default、模型文件夹，或 openai:<地址>#<模型名>")
    host: str = Field(default="127.0.0.1", description="网页监听的地址")
    port: int = Field(default=7860, ge=1, le=65535, description="网页监听的端口")
    question_characters: int = Field(default=500, ge=20, le=20_000, description="一个问题最多的字数")

    @property
    def models(self) -> Path:
        """Where unpacked models lie."""
        return self.home / "models"

    @classmethod
    def load(cls, **arguments: Any) -> Self:
        """The settings in force; an argument that is None was not given.

        Raises SettingsError, which names the setting, what is wrong with it and where it stands.
        """
        known = {f"{PREFIX}{name.upper()}" for name in cls.model_fields} | {API_KEY}
        for variable in sorted(name for name in os.environ if name.upper().startswith(PREFIX)):
            if variable.upper() not in known:
                raise SettingsError(f"环境变量 {variable} 不是设置项。可用的有：{'、'.join(sorted(known))}")
        try:
            return cls(**{name: value for name, value in arguments.items() if value is not None})
        except ValidationError as error:
            raise SettingsError("设置有误。" + "；".join(_complaint(detail) for detail in error.errors())) from error
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{FILE} 不是正确的 TOML：{error}") from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The file lies in the home, so the home has to be known before the file is read.
        home = init_settings().get("home") or env_settings().get("home") or cls.model_fields["home"].default
        file = TomlConfigSettingsSource(settings_cls, toml_file=Path(home) / FILE)
        if "home" in file.toml_data:
            raise SettingsError(f"{FILE} 里不能写 home，它自己就在那个文件夹里。请用 --home 或环境变量 {PREFIX}HOME")
        return init_settings, env_settings, file


def _complaint(detail: Any) -> str:
    name = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"没有 {name} 这一项，可用的有：{'、'.join(sorted(Settings.model_fields))}"
    words = COMPLAINTS.get(detail["type"], detail["msg"]).format(**detail.get("ctx", {}))
    return f"{name}：{words}（现为 {detail['input']!r}；可写在 {FILE} 或环境变量 {PREFIX}{name.upper()}）"
