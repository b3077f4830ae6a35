{{/* Pods of a component, or of one of several. Takes (list $ "component") or (list $ "component" "name"). */}}
{{- define "sentistream.peer" -}}
podSelector:
  matchLabels:
    {{- include "sentistream.selectorLabels" . | nindent 4 }}
{{- end -}}

{{- define "sentistream.metricsIngress" -}}
- from:
    - namespaceSelector:
        matchExpressions:
          - key: kubernetes.io/metadata.name
            operator: In
            values: {{ toYaml .Values.networkPolicy.monitoringNamespaces | nindent 14 }}
  ports:
    - {port: metrics}
{{- end -}}

{{- define "sentistream.dnsEgress" -}}
- to: {{ toYaml .Values.networkPolicy.dnsTo | nindent 4 }}
  ports:
    - {port: 53, protocol: UDP}
    - {port: 53, protocol: TCP}
{{- end -}}

{{/* Egress to the port of the trace collector, at any address. */}}
{{- define "sentistream.tracingEgress" -}}
{{- with .Values.tracing.endpoint }}
{{- $url := urlParse . }}
- ports:
    - {port: {{ regexFind "[0-9]+$" $url.host | default (eq $url.scheme "https" | ternary 443 80) }}}
{{- end }}
{{- end -}}

{{/* Egress to the servers in the release or to external ones. Takes (list $ "valkey" ...). */}}
{{- define "sentistream.serverEgress" -}}
{{- $root := index . 0 -}}
{{- range rest . }}
{{- if (index $root.Values .).enabled }}
- to:
    - {{- include "sentistream.peer" (list $root .) | nindent 6 }}
  ports:
    - {port: {{ . }}}
{{- end }}
{{- end }}
{{- if not (and $root.Values.valkey.enabled $root.Values.postgresql.enabled) }}
- ports:
    {{- range $root.Values.networkPolicy.externalPorts }}
    - {port: {{ . }}}
    {{- end }}
  {{- with $root.Values.networkPolicy.externalTo }}
  to: {{ toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* The beginning of a component's policy. Takes the same arguments. */}}
{{- define "sentistream.policy" -}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "sentistream.metadata" . | nindent 2 }}
spec:
  {{- include "sentistream.peer" . | nindent 2 }}
  policyTypes: [Ingress, Egress]
{{- end -}}
