"""The translation services that deep-translator reaches, and what is particular about each.

deep-translator 1.11.4 exports twelve; these five can work. Its code says why not the others:

* DeepL: sends the text and the key in the URL of a GET request, which DeepL has ended; our engine
  ``deepl`` uses the vendor's own package;
* ChatGPT: calls ``openai.ChatCompletion``, which openai 1.0 removed; our engine ``openai`` instead;
* Yandex: asks version 1.5 of an API that has been shut down, and answers with a list;
* Papago: asks the address of Naver's developer service, from which Papago has moved away;
* QCRI: knows Arabic, English and Spanish only;
* Pons, Linguee: dictionaries, asked for single words of at most 50 characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from pipeline.engines.network import Problem, UnavailableError, problem, status_problem
from pipeline.wording import Message

if TYPE_CHECKING:
    import requests

Details = Mapping[str, str]
"""Keys and options of a service, by the names that deep-translator has for them."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service: where it is, how it is asked, how much it takes, and what its answers mean."""

    name: str
    title: str
    url: str
    make: Callable[[ModuleType, str, str, Details], Any]
    """Makes a translator of deep-translator from its module, two language codes and details."""
    limit: int
    """What one call may carry, as ``cost`` measures a text."""
    cost: Callable[[str], int]
    codes: Mapping[str, str]
    """Locales whose code is not simply that of their language."""
    look: Callable[[requests.Response], Problem | None] = problem
    keys: Mapping[str, str] = field(default_factory=dict)
    """By name in ``Details``: the environment variable that holds a key."""
    keyless: bool = False
    """Where people run it themselves, it may need no key."""
    form: bool = False
    """Its parameters go into the body, so that keys and texts are in no server's log of URLs."""


def _google(module: ModuleType, source: str, target: str, details: Details) -> Any:
    return module.GoogleTranslator(source, target)


def _mymemory(module: ModuleType, source: str, target: str, details: Details) -> Any:
    return module.MyMemoryTranslator(source, target, email=details["email"] or None)


def _microsoft(module: ModuleType, source: str, target: str, details: Details) -> Any:
    class Translator(module.MicrosoftTranslator):  # type: ignore[name-defined, misc]
        """The translator without the call that its constructor makes for a list of languages."""

        def _get_supported_languages(self) -> dict[str, str]:
            return {code: code for code in (source, target)}

    return Translator(source, target, details["api_key"], details["region"] or None)


def _libre(module: ModuleType, source: str, target: str, details: Details) -> Any:
    translator = module.LibreTranslator(source, target, api_key="it insists on one")
    translator.api_key = details["api_key"]
    return translator


def _baidu(module: ModuleType, source: str, target: str, details: Details) -> Any:
    return module.BaiduTranslator(source, target, details["appid"], details["appkey"])


def _url_bytes(text: str) -> int:
    """Return the bytes in a URL, or three a character: deep-translator takes 5,000 of them."""
    return max(len(quote_plus(text)), 3 * len(text))


def _utf8_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


_USED_UP = re.compile("MYMEMORY WARNING|USED ALL AVAILABLE FREE TRANSLATIONS|QUOTA", re.I)


def _look_at_mymemory(response: requests.Response) -> Problem | None:
    """Find its errors: it sends most of them as translations."""
    data = _object(response)
    texts = data.get("responseDetails"), _object_in(data, "responseData").get("translatedText")
    said = " ".join(map(str, texts))
    if data.get("quotaFinished") is True or (
        _USED_UP.search(said) and not _is_plain_success(response, data)
    ):
        return UnavailableError(Message("the day's quota is used up"), stop=True)
    status = str(data.get("responseStatus", ""))
    if status.isdecimal() and (found := status_problem(int(status))):
        return found
    return problem(response)


def _is_plain_success(response: requests.Response, data: Mapping[str, Any]) -> bool:
    translated = str(_object_in(data, "responseData").get("translatedText"))
    return response.ok and not data.get("responseDetails") and "MYMEMORY WARNING" not in translated


_MICROSOFT_LANGUAGES = (400035, 400036)


def _look_at_microsoft(response: requests.Response) -> Problem | None:
    code = _object_in(_object(response), "error").get("code")
    if code in _MICROSOFT_LANGUAGES:
        return UnavailableError(
            Message("it does not know the language ({code})", code=code), stop=True
        )
    found = problem(response)
    if found is None and code is not None:
        return UnavailableError(Message("it reports an error of its own"), retry=True)
    return found


_BAIDU_PASSES = ("52001", "52002", "54003", "54005")
_BAIDU_REASONS = {
    "52003": Message("it does not know the account"),
    "54001": Message("it does not accept the key"),
    "54004": Message("the balance is used up"),
    "58000": Message("it does not serve this IP address"),
    "58001": Message("it does not know the language"),
    "58002": Message("the service has been closed"),
    "90107": Message("the account has not been verified"),
}


def _look_at_baidu(response: requests.Response) -> Problem | None:
    """Find its errors: their status is 200."""
    code = str(_object(response).get("error_code", "52000"))
    if code == "52000":
        return problem(response)
    if code in _BAIDU_PASSES:
        slow = code.startswith("54")
        return UnavailableError(
            Message("it is too busy ({code})", code=code), retry=True, pause=1.0 if slow else 0.0
        )
    if code in _BAIDU_REASONS:
        return UnavailableError(
            Message("{reason} ({code})", reason=_BAIDU_REASONS[code], code=code),
            stop=True,
        )
    return UnavailableError(Message("it reports the error {code}", code=code[:8]))


def _object(response: requests.Response) -> Mapping[str, Any]:
    try:
        data = response.json()
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _object_in(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


_CHINESE = {"zh": "zh-CN", "zh_CN": "zh-CN", "zh_SG": "zh-CN", "zh_TW": "zh-TW", "zh_HK": "zh-TW"}
_SCRIPTS = {"zh-CN": "zh-Hans", "zh-TW": "zh-Hant"}
_TRADITIONAL = ("zh_TW", "zh_HK", "zh_MO")

_BAIDU_CODES = {"ja": "jp", "fr": "fra", "ko": "kor", "es": "spa", "ar": "ara", "vi": "vie"}

SERVICES: Mapping[str, Service] = {
    service.name: service
    for service in (
        Service(
            "google",
            "Google Translate",
            "https://translate.google.com/m",
            _google,
            limit=14_000,
            cost=_url_bytes,
            codes=_CHINESE,
        ),
        Service(
            "mymemory",
            "MyMemory",
            "https://api.mymemory.translated.net/get",
            _mymemory,
            limit=499,
            cost=_utf8_bytes,
            codes={**_CHINESE, "zh_HK": "zh-HK", "en": "en-US"},
            look=_look_at_mymemory,
        ),
        Service(
            "microsoft",
            "Microsoft Translator",
            "https://api.cognitive.microsofttranslator.com/translate?api-version=3.0",
            _microsoft,
            limit=50_000,
            cost=len,
            codes={locale: _SCRIPTS[code] for locale, code in _CHINESE.items()},
            look=_look_at_microsoft,
            keys={"api_key": "MICROSOFT_API_KEY"},
        ),
        Service(
            "libre",
            "LibreTranslate",
            "https://libretranslate.com/",
            _libre,
            limit=2_000,
            cost=len,
            codes=dict.fromkeys(_TRADITIONAL, "zh-Hant"),
            keys={"api_key": "LIBRE_API_KEY"},
            keyless=True,
            form=True,
        ),
        Service(
            "baidu",
            "Baidu Translate",
            "https://fanyi-api.baidu.com/api/trans/vip/translate",
            _baidu,
            limit=6_000,
            cost=_utf8_bytes,
            codes=dict.fromkeys(_TRADITIONAL, "cht") | _BAIDU_CODES,
            look=_look_at_baidu,
            keys={"appid": "BAIDU_APPID", "appkey": "BAIDU_APPKEY"},
            form=True,
        ),
    )
}
"""Their limits: Google refuses URLs of 16 KB, MyMemory 500 bytes, Microsoft more than 50,000
characters, libretranslate.com more than 2,000, Baidu more than 6,000 bytes."""
