; UNTESTED: compiles with makensis, but has never been run on Windows. Makes the Windows installer.
; makensis -DVERSION=0.1.0 packaging\windows\secondread.nsi   after   python packaging\build.py
Unicode true
SetCompressor /SOLID lzma
!ifndef VERSION
  !define VERSION "0.1.0"
!endif
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\SecondRead"
Name "SecondRead ${VERSION}"
OutFile "..\..\dist\secondread-${VERSION}-setup.exe"
InstallDir "$LOCALAPPDATA\Programs\SecondRead"
RequestExecutionLevel user
Page license
Page directory
Page instfiles
LicenseData "..\..\LICENSE"
UninstPage uninstConfirm
UninstPage instfiles

Section
  SetOutPath "$INSTDIR"
  RMDir /r "$INSTDIR\_internal"
  File /r "..\..\dist\secondread\*"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\SecondRead.lnk" "$INSTDIR\secondread.exe"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "SecondRead (research use only)"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
SectionEnd

; Cases and settings lie in %LOCALAPPDATA%\SecondRead and stay.
Section "Uninstall"
  RMDir /r "$INSTDIR\_internal"
  RMDir /r "$INSTDIR\licences"
  Delete "$INSTDIR\secondread.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\SecondRead.lnk"
  DeleteRegKey HKCU "${UNINSTALL}"
SectionEnd
