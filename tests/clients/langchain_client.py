"""Calls a server as LangChain does, and prints what came back as JSON. Arguments: base URL, key."""

import json
import sys

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

base, key = sys.argv[1:]
chat = ChatOpenAI(base_url=base, api_key=key, model="fawen", max_retries=0, temperature=0.3)


@tool
def weather(city: str) -> str:
    """Tell a city's weather."""
    return city


whole = chat.invoke("各院开展志愿服务多少次")
followed = chat.invoke(
    [
        SystemMessage("请简短回答"),
        HumanMessage("各院开展志愿服务多少次"),
        AIMessage(whole.content),
        HumanMessage([{"type": "text", "text": "那一中院呢？"}]),
    ]
)
pieces = list(chat.stream("二中院整改措施有多少条", stream_usage=True))
offered = chat.bind_tools([weather]).invoke("二中院整改措施有多少条")
vectors = OpenAIEmbeddings(base_url=base, api_key=key, model="fawen", check_embedding_ctx_length=False)
documents = vectors.embed_documents(["整改措施", "志愿服务"])
print(
    json.dumps(
        {
            "whole": whole.content,
            "finish": whole.response_metadata["finish_reason"],
            "followed": followed.content,
            "streamed": "".join(piece.content for piece in pieces),
            "pieces": len(pieces),
            "usage": max(piece.usage_metadata["total_tokens"] for piece in pieces if piece.usage_metadata),
            "offered": offered.content,
            "tool_calls": offered.tool_calls,
            "documents": [len(vector) for vector in documents],
            "query": vectors.embed_query("整改措施"),
        }
    )
)
