{{/* A server with one pod and a volume. Takes (list $ "component" port). */}}
{{- define "sentistream.serverService" -}}
{{- $me := slice . 0 2 -}}
apiVersion: v1
kind: Service
metadata:
  {{- include "sentistream.metadata" $me | nindent 2 }}
spec:
  selector:
    {{- include "sentistream.selectorLabels" $me | nindent 4 }}
  ports:
    - {name: {{ index . 1 }}, port: {{ index . 2 }}, targetPort: {{ index . 1 }}}
{{- end -}}

{{/* Labels without the versions of project and chart, so that an upgrade does not restart the servers. Takes (list $ "component"). */}}
{{- define "sentistream.serverPodLabels" -}}
{{ include "sentistream.selectorLabels" . }}
app.kubernetes.io/part-of: sentistream
{{- with (index . 0).Values.podLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "sentistream.dataVolume" -}}
{{- $root := index . 0 -}}
{{- $component := index . 1 -}}
{{- with (index $root.Values $component).persistence -}}
{{- if .enabled }}
volumeClaimTemplates:
  - metadata:
      name: data
      labels:
        {{- include "sentistream.selectorLabels" (list $root $component) | nindent 8 }}
    spec:
      accessModes: [ReadWriteOnce]
      {{- with .storageClass }}
      storageClassName: {{ . }}
      {{- end }}
      resources:
        requests:
          storage: {{ .size }}
{{- end }}
{{- end -}}
{{- end -}}
