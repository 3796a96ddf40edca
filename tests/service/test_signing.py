"""Signatures and ciphers of chat platforms.

WeCom's vectors are those of the vendor's own sample (WXBizMsgCrypt, Sample.py); Feishu's “hello world” is that of its
document on the Encrypt Key. DingTalk and Feishu publish no vector of a signature: those here were made with openssl
(dgst -sha256, -hmac; enc -aes-256-cbc), which shares nothing with our code.
"""

from __future__ import annotations

import base64

import pytest

from service.signing import (
    CipherError,
    WecomCipher,
    dingtalk_sign,
    feishu_decrypt,
    feishu_signature,
    is_fresh,
    wecom_signature,
)

TOKEN = "hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo"
AES_KEY = "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt"
CORP = "ww1436e0e65a779aee"
ECHO = "fsi1xnbH4yQh0+PJxcOdhhK6TDXkjMyhEPA7xB2TGz6b+g7xyAbEkRxN/3cNXW9qdqjnoVzEtpbhnFyq6SVHyA=="
MESSAGE = (
    "Kl7kjoSf6DMD1zh7rtrHjFaDapSCkaOnwu3bqLc5tAybhhMl9pFeK8NslNPVdMwmBQTNoW4mY7AIjeLvEl3NyeTkAgGzBhzTtRLNshw2AEew+kkYcD+"
    "Fq72Kt00fT0WnN87hGrW8SqGc+NcT3mu87Ha3dz1pSDi6GaUA6A0sqfde0VJPQbZ9U+3JWcoD4Z5jaU0y9GSh010wsHF8KZD24YhmZH4ch4Ka7ilEbj"
    "bfvhKkNL65HHL0J6EYJIZUC2pFrdkJ7MhmEbU2qARR4iQHE7wy24qy0cRX3Mfp6iELcDNfSsPGjUQVDGxQDCWjayJOpcwocugux082f49HKYg84EpHS"
    "GXAyh+/oxwaWbvL6aSDPOYuPDGOCI8jmnKiypE+"
)


@pytest.fixture(scope="module")
def cipher() -> WecomCipher:
    return WecomCipher(AES_KEY, CORP)


@pytest.mark.parametrize(
    ("timestamp", "nonce", "encrypted", "signature"),
    [
        ("1476416373", "47744683", ECHO, "012bc692d0a58dd4b10f8dfe5c4ac00ae211ebeb"),
        ("1476422779", "1597212914", MESSAGE, "0c3914025cb4b4d68103f6bfc8db550f79dcf48e"),
    ],
)
def test_wecoms_own_signatures(timestamp: str, nonce: str, encrypted: str, signature: str) -> None:
    assert wecom_signature(TOKEN, timestamp, nonce, encrypted) == signature


def test_wecoms_own_ciphertexts(cipher: WecomCipher) -> None:
    assert cipher.decrypt(ECHO) == "1288432023552776189"
    message = cipher.decrypt(MESSAGE)
    assert message.startswith("<xml><ToUserName>ww1436e0e65a779aee</ToUserName>")
    assert "<Content>你好</Content>" in message


@pytest.mark.parametrize("message", ["", "x", "整改措施" * 500, "a" * 12, "a" * 13, "a" * 44])
def test_what_wecom_is_sent_can_be_decrypted(cipher: WecomCipher, message: str) -> None:
    sealed = cipher.encrypt(message)
    assert cipher.decrypt(sealed) == message
    assert sealed != cipher.encrypt(message)
    assert len(base64.b64decode(sealed)) % 32 == 0


@pytest.mark.parametrize(
    "encrypted", ["", "!", "AAAA", "é", ECHO[:-4], ECHO[4:], base64.b64encode(bytes(64)).decode(), "A" * 4096]
)
def test_what_is_not_wecoms_is_refused(cipher: WecomCipher, encrypted: str) -> None:
    with pytest.raises(CipherError):
        cipher.decrypt(encrypted)


def test_what_is_for_another_receiver_is_refused() -> None:
    with pytest.raises(CipherError, match="企业"):
        WecomCipher(AES_KEY, "ww-another").decrypt(ECHO)


@pytest.mark.parametrize("key", ["", "short", AES_KEY + "x", "!" * 43])
def test_a_bad_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey"):
        WecomCipher(key, CORP)


def test_feishus_own_ciphertext() -> None:
    assert feishu_decrypt("test key", "P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=") == b"hello world"


def test_feishus_cipher_as_openssl_makes_it() -> None:
    sealed = "AAECAwQFBgcICQoLDA0OD2k3+plRg2I/dzRJJX1pAb4pWvqIZZkGita2a5HkwFne/vrUdFn+CXqsCix5By/2f3atmxAbMqh/LbTdQiEjilg="
    assert feishu_decrypt("my key", sealed).decode() == '{"type":"url_verification","challenge":"飞书"}'


@pytest.mark.parametrize(
    "encrypted", ["", "!", "AAAA", base64.b64encode(bytes(16)).decode(), base64.b64encode(bytes(32)).decode()]
)
def test_what_is_not_feishus_is_refused(encrypted: str) -> None:
    with pytest.raises(CipherError):
        feishu_decrypt("test key", encrypted)


def test_feishus_signature_as_openssl_makes_it() -> None:
    signature = feishu_signature("1700000000", "9c1d4", "encrypt-key", b'{"encrypt":"x"}')
    assert signature == "09b3572496a2d33ab637368be5339e092868ad7c3e5c25ff6b14a89646010a6b"


def test_dingtalks_sign_as_openssl_makes_it() -> None:
    assert dingtalk_sign("1577262236757", "my-app-secret") == "lByz9sbQacd40XoKpXE8WaUuMHs46xTHep9HsjyiHfQ="


@pytest.mark.parametrize(
    ("timestamp", "fresh"),
    [
        ("1000", True),
        ("700", True),
        ("1300", True),
        ("699", False),
        ("1301", False),
        ("", False),
        ("-1000", False),
        ("1e3", False),
        ("１０００", False),
        ("9" * 400, False),
    ],
)
def test_a_request_is_fresh_within_the_window_only(timestamp: str, fresh: bool) -> None:
    assert is_fresh(timestamp, 1000.0, 300) is fresh


def test_milliseconds_are_read_as_such() -> None:
    assert is_fresh("1000000", 1000.0, 1, per_second=1000)
    assert not is_fresh("1000000", 1000.0, 1)
