#!/usr/bin/env bash
# docker build, and the image loaded into the kind cluster of k8s/kind.yaml. Takes what `docker build` takes:
#   make images IMAGE_BUILDER=k8s/kind-build.sh
set -euo pipefail

docker build "$@"
while [ $# -gt 0 ]; do
  case $1 in
    -t | --tag) kind load docker-image --name "${KIND_CLUSTER:-sentistream}" "$2" ;;
  esac
  shift
done
