"""What to do about an address that is not served: base URLs put in with a part too much or too little."""

from __future__ import annotations

__all__ = ["advice"]

_OPENAI = (
    "OpenAI 接口的地址是 http://HOST:8000/v1，客户端自己接 /chat/completions / the base URL ends in /v1, once"
)
_DIFY = "Dify 的 API Endpoint 填 http://HOST:8000/dify，/retrieval 由它自己加 / the endpoint is …/dify, nothing after it"
_CHAT_ONLY = "只有 POST /v1/chat/completions，请在客户端选聊天补全 / choose chat completions in the client"
_RERANK = "重排序是 POST /v1/rerank / rerank is POST /v1/rerank"
_MCP = "MCP 是 streamable HTTP，地址 http://HOST:8000/mcp，没有 SSE / MCP is streamable HTTP at /mcp, without SSE"
_PLATFORMS = "有 /chat/wecom、/chat/feishu、/chat/dingtalk / these three"
_API = "接口见 /docs / see /docs"

_BY_END = (
    (("/completions/chat/completions", "/chat/completions/models"), _OPENAI),
    (("/chat/completions", "/v1/models", "/embeddings"), _OPENAI),
    (("/completions", "/responses", "/assistants", "/threads", "/images/generations"), _CHAT_ONLY),
    (("/rerank",), _RERANK),
    (("/retrieval", "/dify", "/dify/"), _DIFY),
    (("/sse", "/messages", "/messages/"), _MCP),
)
_BY_START = (("/v1", _OPENAI), ("/dify", _DIFY), ("/mcp", _MCP), ("/chat", _PLATFORMS), ("/api", _API))


def advice(path: str) -> str:
    """Return what to do about a path that is not served, empty where it is like none that is."""
    if path == "/models":
        return _OPENAI
    by_end = next((words for ends, words in _BY_END if path.endswith(ends)), "")
    return by_end or next((words for start, words in _BY_START if path.startswith(start)), "")
