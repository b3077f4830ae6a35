#!/usr/bin/env bash
# Installs what SentiStream works with on a cluster: see --help.
set -euo pipefail

KEDA_VERSION=2.18.3
PROMETHEUS_STACK_VERSION=77.12.0
METRICS_SERVER_VERSION=3.13.0
ALL="metrics-server kube-prometheus-stack keda"

help() {
  cat <<END
Usage: k8s/install-addons.sh [--only NAME[,NAME]] [--context CONTEXT] [--timeout DURATION] [--dry-run]

Installs, or brings to these versions, and waits until all of it is ready:

  metrics-server         $METRICS_SERVER_VERSION    namespace kube-system   CPU figures for the API's autoscaler
  kube-prometheus-stack  $PROMETHEUS_STACK_VERSION   namespace monitoring    Prometheus, Alertmanager, Grafana
  keda                   $KEDA_VERSION    namespace keda          scales the workers on stream lag

It can be run again at any time. The values are in k8s/addons/.

  --only NAMES       only these, with commas between
  --context CONTEXT  the kube context; the current one if left out
  --timeout TIME     how long to wait for each, such as 10m (the default)
  --dry-run          only print the commands
  --help             this text
END
}

fail() {
  echo "install-addons.sh: $1" >&2
  exit 2
}

only=${ALL// /,} context="" timeout=10m dry=""
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) help && exit ;;
    --dry-run) dry=yes ;;
    --only | --context | --timeout)
      [ $# -ge 2 ] || fail "$1 needs a value; --help tells more"
      printf -v "${1#--}" %s "$2"
      shift
      ;;
    *) fail "unknown argument $1; --help tells what there is" ;;
  esac
  shift
done
for name in ${only//,/ }; do
  [[ " $ALL " == *" $name "* ]] || fail "there is no add-on $name; there are: $ALL"
done
[ -n "$dry" ] || command -v helm >/dev/null || fail "helm is not on PATH"

values=$(cd "$(dirname "$0")" && pwd)/addons

# install NAME NAMESPACE CHART REPOSITORY VERSION
install() {
  [[ ",$only," == *",$1,"* ]] || return 0
  local command=(helm upgrade --install "$1" "$3" --repo "$4" --version "$5" --namespace "$2" --create-namespace
    --values "$values/$1-values.yaml" --wait --timeout "$timeout")
  [ -z "$context" ] || command+=(--kube-context "$context")
  echo "${command[*]}"
  [ -n "$dry" ] || "${command[@]}" >/dev/null
}

install metrics-server kube-system metrics-server https://kubernetes-sigs.github.io/metrics-server "$METRICS_SERVER_VERSION"
install kube-prometheus-stack monitoring kube-prometheus-stack https://prometheus-community.github.io/helm-charts "$PROMETHEUS_STACK_VERSION"
install keda keda keda https://kedacore.github.io/charts "$KEDA_VERSION"

[ -n "$dry" ] || cat <<'END'
Ready. Grafana, user admin:
  kubectl --namespace monitoring get secret grafana --output go-template='{{index .data "admin-password" | base64decode}}{{"\n"}}'
  kubectl --namespace monitoring port-forward service/grafana 3000:80
END
