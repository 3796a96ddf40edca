# docker build -t fawen .
# docker run -p 8000:8000 -v fawen-data:/data -v ./my-reports:/reports:ro fawen
#
# The first start indexes /reports (the samples, unless yours are mounted over them) into /data; later starts serve
# at once. After changing reports: docker exec CONTAINER fawen index /reports; the running server takes it up.
# Build arguments, all optional:
#   PIP_OPTIONS  for every pip install; on Linux the default torch brings CUDA with it, several GB that a server
#                without a GPU never uses: name an index of CPU wheels, --build-arg PIP_OPTIONS="--extra-index-url URL"
#   MODEL        a sentence-transformers model by name, downloaded now; without it the built-in model
#   BAKE=1       index /reports now, into the image
#   OCR=1        install tesseract with Chinese, so that `fawen index --ocr` (FAWEN_OCR=true) reads scanned PDFs

FROM python:3.11-slim-bookworm AS build
ARG PIP_OPTIONS=
RUN python -m venv /opt/fawen
ENV PATH=/opt/fawen/bin:$PATH
WORKDIR /src
# Dependencies come first and alone, so that a change of code does not install them again.
COPY pyproject.toml constraints.txt ./
RUN python -c "import tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; print(*project['dependencies'], *project['optional-dependencies']['mcp'], *project['optional-dependencies']['onnx'], sep='\n')" \
      > requirements.txt \
 && pip install --no-cache-dir $PIP_OPTIONS -r requirements.txt -c constraints.txt
COPY LICENSE NOTICE README.md ./
COPY models ./models
COPY indexer ./indexer
COPY service ./service
RUN pip install --no-cache-dir $PIP_OPTIONS --no-deps .

FROM python:3.11-slim-bookworm
ARG OCR=
RUN if [ -n "$OCR" ]; then apt-get update && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-chi-sim \
 && rm -rf /var/lib/apt/lists/*; fi
# A fixed number: Kubernetes' runAsNonRoot accepts no name, and owners of mounted folders can be set beforehand.
RUN useradd --uid 10001 --create-home fawen && install --directory --owner fawen --group fawen /data /models
COPY --from=build /opt/fawen /opt/fawen
COPY reports /reports
# Offline, a model that is missing from /models is said to be missing at once, instead of after the hub's time-outs.
ENV PATH=/opt/fawen/bin:$PATH FAWEN_INDEX=/data/index FAWEN_HOST=0.0.0.0 FAWEN_PORT=8000 HF_HOME=/models HF_HUB_OFFLINE=1
USER 10001
WORKDIR /data
ARG MODEL=
ARG BAKE=
ENV FAWEN_MODEL=$MODEL
RUN if [ -n "$MODEL" ]; then HF_HUB_OFFLINE=0 python -c "import models; models.load('$MODEL')"; fi \
 && if [ -n "$BAKE" ]; then fawen index /reports; fi
VOLUME /data
EXPOSE 8000
# Not urllib, which would send this through a proxy named in the container's environment.
HEALTHCHECK --interval=30s --timeout=5s --start-period=5m CMD ["python", "-c", "import os, sys; from http.client import HTTPConnection; c = HTTPConnection('127.0.0.1', int(os.environ['FAWEN_PORT']), timeout=4); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]
# Files that cannot be indexed are no reason not to serve the others; with no index at all, serve says so and exits.
CMD ["sh", "-c", "test -e \"$FAWEN_INDEX/CURRENT\" || fawen index /reports; exec fawen serve"]
