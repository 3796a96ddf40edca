"""Signatures and ciphers of the chat platforms, as their documents give them.

WeCom: 企业微信开发者中心, 回调和回复的加解密方案. Feishu: 开放平台, 接收事件 (Encrypt Key). DingTalk: 开放平台, 机器人接收消息.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import struct

__all__ = [
    "CipherError",
    "WecomCipher",
    "dingtalk_sign",
    "feishu_decrypt",
    "feishu_signature",
    "is_fresh",
    "wecom_signature",
]

_BLOCK = 16
_WECOM_PADDING = 32


class CipherError(Exception):
    """What was received is not encrypted with our key, or not for us."""


def is_fresh(timestamp: str, now: float, window: float, per_second: int = 1) -> bool:
    """Tell whether a timestamp lies within so many seconds of now; `per_second` is 1000 for milliseconds."""
    if not (timestamp.isascii() and timestamp.isdigit()) or len(timestamp) > 15:
        return False
    return abs(int(timestamp) / per_second - now) <= window


def wecom_signature(token: str, timestamp: str, nonce: str, encrypted: str) -> str:
    """Return WeCom's msg_signature."""
    parts = "".join(sorted((token, timestamp, nonce, encrypted)))
    return hashlib.sha1(parts.encode(), usedforsecurity=False).hexdigest()


def feishu_signature(timestamp: str, nonce: str, key: str, body: bytes) -> str:
    """Return Feishu's X-Lark-Signature of a request's raw body."""
    return hashlib.sha256(f"{timestamp}{nonce}{key}".encode() + body).hexdigest()


def dingtalk_sign(timestamp: str, secret: str) -> str:
    """Return DingTalk's sign of a timestamp in milliseconds."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def feishu_decrypt(key: str, encrypted: str) -> bytes:
    """Return what Feishu encrypted: AES-256-CBC, key SHA-256 of the Encrypt Key, IV first.

    Raises CipherError where it cannot be decrypted.
    """
    raw = _decoded(encrypted)
    if len(raw) < 2 * _BLOCK or len(raw) % _BLOCK:
        raise CipherError("密文长度不对 / ciphertext of wrong length")
    plain = _aes(hashlib.sha256(key.encode()).digest(), raw[:_BLOCK], raw[_BLOCK:], encrypt=False)
    return _unpadded(plain, _BLOCK)


class WecomCipher:
    """WeCom's cipher: AES-256-CBC over 16 random bytes, length, message and receiver, padded to 32."""

    def __init__(self, aes_key: str, receiver: str):
        """Take the EncodingAESKey and the receiver (corp id; empty for a 智能机器人). Raises ValueError for a bad key."""
        try:
            self._key = base64.b64decode(f"{aes_key}=", validate=True)
        except binascii.Error as error:
            raise ValueError("EncodingAESKey 不是 Base64 / not Base64") from error
        if len(self._key) != 32:
            raise ValueError("EncodingAESKey 须为 43 个字符 / must have 43 characters")
        self._receiver = receiver.encode()

    def decrypt(self, encrypted: str) -> str:
        """Return the message. Raises CipherError where it is not for us."""
        raw = _decoded(encrypted)
        if not raw or len(raw) % _BLOCK:
            raise CipherError("密文长度不对 / ciphertext of wrong length")
        plain = _unpadded(_aes(self._key, self._key[:_BLOCK], raw, encrypt=False), _WECOM_PADDING)
        if len(plain) < 20:
            raise CipherError("密文过短 / ciphertext too short")
        (length,) = struct.unpack("!I", plain[16:20])
        message, receiver = plain[20 : 20 + length], plain[20 + length :]
        if len(message) != length or receiver != self._receiver:
            raise CipherError("不是发给本企业的 / not for this receiver")
        try:
            return message.decode()
        except UnicodeDecodeError as error:
            raise CipherError("不是 UTF-8 / not UTF-8") from error

    def encrypt(self, message: str) -> str:
        """Return a message encrypted."""
        body = message.encode()
        plain = os.urandom(16) + struct.pack("!I", len(body)) + body + self._receiver
        pad = _WECOM_PADDING - len(plain) % _WECOM_PADDING
        sealed = _aes(self._key, self._key[:_BLOCK], plain + bytes([pad]) * pad, encrypt=True)
        return base64.b64encode(sealed).decode()


def _decoded(encrypted: str) -> bytes:
    try:
        return base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CipherError("密文不是 Base64 / ciphertext is not Base64") from error


def _aes(key: bytes, iv: bytes, data: bytes, encrypt: bool) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    cipher = Cipher(algorithms.AES(key), modes.CBC(iv))
    context = cipher.encryptor() if encrypt else cipher.decryptor()
    return context.update(data) + context.finalize()


def _unpadded(plain: bytes, block: int) -> bytes:
    pad = plain[-1] if plain else 0
    if not 1 <= pad <= block or plain[-pad:] != bytes([pad]) * pad:
        raise CipherError("密钥不对 / wrong key")
    return plain[:-pad]
